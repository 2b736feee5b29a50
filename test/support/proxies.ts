import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { start, type Running } from './servers.ts';

/** What Debian's nginx.conf says around a site, with paths of the test. */
const aroundSite = (folder: string, site: string): string => `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr;
events { worker_connections 128; }
http {
  access_log off;
  client_body_temp_path ${folder}/nginx/body;
  proxy_temp_path ${folder}/nginx/proxy;
  fastcgi_temp_path ${folder}/nginx/fastcgi;
  scgi_temp_path ${folder}/nginx/scgi;
  uwsgi_temp_path ${folder}/nginx/uwsgi;
  include ${site};
}
`;

/** Starts nginx with a site that listens on `port`; what it writes is in `folder`. */
export const startNginx = (
  nginx: string,
  folder: string,
  site: string,
  port: number,
): Promise<Running> => {
  const [siteFile, config] = [join(folder, 'authlog.conf'), join(folder, 'nginx.conf')];
  mkdirSync(join(folder, 'nginx'));
  writeFileSync(siteFile, site);
  writeFileSync(config, aroundSite(folder, siteFile));
  return start(nginx, ['-p', folder, '-c', config, '-e', 'stderr'], { port });
};

/** Starts Caddy with a site that listens on `port`. */
export const startCaddy = (
  caddy: string,
  folder: string,
  site: string,
  port: number,
): Promise<Running> => {
  const file = join(folder, 'Caddyfile');
  // Without its own endpoint, whose port another Caddy may have, and without port 80.
  writeFileSync(file, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`);
  const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  return start(caddy, ['run', '--config', file, '--adapter', 'caddyfile'], { env, port });
};
