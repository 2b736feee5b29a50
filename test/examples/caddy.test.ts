import { readFileSync } from 'node:fs';
import { ROOT } from '../support/cli.ts';
import { startCaddy } from '../support/proxies.ts';
import { describeWith, freePort } from '../support/servers.ts';
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
      return startCaddy(caddy, folder, example, port);
    },
    doubled: { status: 401, isRecorded: true },
    unguarded: 502,
  });
});
