import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/cli.ts';
import { describeWith, freePort, start } from '../support/servers.ts';
import { fillIn } from './proxied.ts';
import { testWalk } from './walk.ts';

const EXAMPLE = `${ROOT}examples/nginx/authlog.conf`;

/** What Debian's nginx.conf says around the example, with paths of the test. */
const around = (folder: string): string => `
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
  include ${folder}/authlog.conf;
}
`;

describeWith('nginx', (nginx) => {
  testWalk({
    port: freePort,
    start: (ports, port, folder) => {
      const example = fillIn(readFileSync(EXAMPLE, 'utf8'), {
        'listen 80;': `listen 127.0.0.1:${port};`,
        'server 127.0.0.1:8787;': `server 127.0.0.1:${ports.guard};`,
        'server 127.0.0.1:3000;': `server 127.0.0.1:${ports.app};`,
      });
      mkdirSync(join(folder, 'nginx'));
      writeFileSync(join(folder, 'authlog.conf'), example);
      writeFileSync(join(folder, 'nginx.conf'), around(folder));
      const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
      return start(nginx, args, { port });
    },
    doubled: { status: 400, isRecorded: false },
    unguarded: 500,
  });
});
