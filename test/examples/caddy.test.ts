import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/cli.ts';
import { describeWith, freePort, start } from '../support/servers.ts';
import { fillIn } from './proxied.ts';
import { testWalk } from './walk.ts';

const EXAMPLE = `${ROOT}examples/caddy/Caddyfile`;

describeWith('caddy', (caddy) => {
  testWalk({
    port: freePort,
    start: (ports, port, folder) => {
      const example = fillIn(readFileSync(EXAMPLE, 'utf8'), {
        ':80 {': `:${port} {\n\tbind 127.0.0.1`,
        '127.0.0.1:8787': `127.0.0.1:${ports.guard}`,
        '127.0.0.1:3000': `127.0.0.1:${ports.app}`,
      });
      const file = join(folder, 'Caddyfile');
      // Without its own endpoint, whose port another Caddy may have.
      writeFileSync(file, `{\n\tadmin off\n}\n${example}`);
      const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
      return start(caddy, ['run', '--config', file, '--adapter', 'caddyfile'], { env, port });
    },
    doubled: { status: 401, isRecorded: true },
    unguarded: 502,
  });
});
