import { readFileSync } from 'node:fs';
import { ROOT } from '../support/cli.ts';
import { startNginx } from '../support/proxies.ts';
import { describeWith, freePort } from '../support/servers.ts';
import { fillIn } from './proxied.ts';
import { testWalk } from './walk.ts';

const EXAMPLE = `${ROOT}examples/nginx/authlog.conf`;

describeWith('nginx', (nginx) => {
  testWalk({
    port: freePort,
    start: (ports, port, folder) => {
      const example = fillIn(readFileSync(EXAMPLE, 'utf8'), {
        'listen 80;': `listen 127.0.0.1:${port};`,
        'server 127.0.0.1:8787;': `server 127.0.0.1:${ports.guard};`,
        'server 127.0.0.1:3000;': `server 127.0.0.1:${ports.app};`,
      });
      return startNginx(nginx, folder, example, port);
    },
    doubled: { status: 400, isRecorded: false },
    unguarded: 500,
  });
});
