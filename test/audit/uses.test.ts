import { Readable } from 'node:stream';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { emptyContext } from '../../src/audit/examples.ts';
import { useOfEvent } from '../../src/audit/from-event.ts';
import type { Rule } from '../../src/audit/rule.ts';
import type { Use } from '../../src/audit/use.ts';
import type { AuthEvent } from '../../src/event/event.ts';
import { claims, KEYS, mint, NOW, NOW_S, SECRET } from '../support/tokens.ts';
import { ROOT, runCli } from '../support/cli.ts';
import { ringOf, secretKey } from '../kernel/twins.ts';
import { createRandom } from '../oracle/random.ts';

const OURS = readFileSync(`${KEYS}/secret`, 'utf8').trimEnd();

/** A rule that keeps all that it is shown. */
const keeper = (seen: Use[]): Rule =>
  ({
    id: 'AL999',
    thresholds: {},
    verdicts: null,
    start: () => ({ see: (use: Use) => void seen.push(use) }),
  }) as unknown as Rule;

const bare = ({ behind: _behind, ...use }: Use): unknown => use;
const inPlace = (a: Use, b: Use): number => (a.offset ?? 0) - (b.offset ?? 0);

const byAudit = async (log: Buffer, secret: string, blockSize: number): Promise<Use[]> => {
  const seen: Use[] = [];
  await audit({
    inputs: [{ path: '-', kind: 'stdin', size: null, mtime: null, mode: null }],
    stdin: Readable.from([log]),
    ring: ringOf(secretKey('secret', secret)),
    now: Date.parse(NOW),
    threads: 1,
    blockSize,
    rules: [{ rule: keeper(seen), level: null, thresholds: {} }],
    context: emptyContext(Date.parse(NOW)),
    lateness: 0,
    learn: 0,
    clientAddress: null,
    findWeakSecrets: null,
  });
  return seen.toSorted(inPlace);
};

const byEvents = async (log: Buffer, secret: string): Promise<Use[]> => {
  const args = ['events', '-', '--now', NOW, '-q'];
  const { stdout } = await runCli(args, { stdin: log, env: { AUTHLOG_SECRET: secret } });
  const events = stdout.split('\n').filter((line) => line !== '');
  return events.map((line) => useOfEvent(JSON.parse(line) as AuthEvent)).toSorted(inPlace);
};

/** Every kind of line: plain, JSON, access logs; tokens of all verdicts; again, cut, doubled. */
const randomLog = (seed: number, lines: number): Buffer => {
  const random = createRandom(seed);
  const known: string[] = [];
  const token = (): string => {
    if (known.length > 0 && random.once(2)) return random.pick(known);
    const made = mint(
      claims({
        sub: `user-${random.below(20)}`,
        roles: random.once(3) ? ['admin', 'é'] : [],
        ...(random.once(3) && {
          scope: 'read write',
          jti: `j${random.below(50)}`,
          iss: 'https://i',
        }),
        ...(random.once(5) && { aud: ['a', 'b'], iat: NOW_S - random.below(1000) }),
      }),
      {
        ...(random.once(5) && { secret: 'x'.repeat(40) }),
        ...(random.once(5) && { header: { alg: 'HS256', typ: 'at+jwt', kid: 'k1' } }),
        ...(random.once(20) && { header: { alg: 'HS256', jku: 'https://evil' } }),
      },
    );
    known.push(made);
    return made;
  };
  const line = (): string => {
    const at = new Date(NOW_S * 1000 - random.below(5000) * 1000).toISOString();
    const ip = `192.0.2.${random.below(9)}`;
    switch (random.below(7)) {
      case 6:
        return `${ip} - bob [22/Sep/2023:09:0${random.below(9)}:00 +0000] "GET /c HTTP/1.1" 200 12 "-" "curl/8 x"${random.pick(['', ' 0.03', ' request_id=r1', ' rt=0.1 reqid=-', ' path=/other', ' msg=hi', ' x="a b"', ' "ip=10.0.0.1"', ' a=b=c', ' =x', ' [y]', '  z'])} "Bearer ${token()}"`;
      case 0:
        return `${at} - Token: ${token()}\nUser Log: order ${random.below(9)}`;
      case 1:
        return `{"time":"${at}","ip":"${ip}","ua":"agent ${random.pick(['é', 'one', 'two', String.raw`\\"x`])}","status":${200 + random.below(3) * 100},"path":"/a?x=${random.below(9)}","auth":"Bearer ${token()}"}`;
      case 2:
        return `${ip} - - [22/Sep/2023:09:0${random.below(9)}:00 +0000] "GET /b?token=${token()} HTTP/1.1" ${random.pick(['200', '401'])} 12 "-" "curl/8 x"`;
      case 3:
        return `${at} user=${random.below(4)} ip=${ip} token=${token()} and ${token()}`;
      case 4:
        return `${at} - Token: ${random.pick(['nothing', 'eyJhbGciOiJub25lIn0.e30.', 'a.b'])}`;
      default:
        return `${at} nothing here`;
    }
  };
  return Buffer.from(`${Array.from({ length: lines }, line).join('\n')}\n`);
};

describe('what the audit sees of a log is what authlog events prints of it', () => {
  test.each([1, 2, 3, 4])('random lines %i, whatever the block size', async (seed) => {
    const log = randomLog(seed, 600);
    const expected = (await byEvents(log, SECRET)).map(bare);
    expect(expected.length).toBeGreaterThan(300);
    for (const blockSize of [512, 8192, 1 << 20]) {
      expect((await byAudit(log, SECRET, blockSize)).map(bare)).toEqual(expected);
    }
  });

  test.each([
    'access.log',
    'app.jsonl',
    'auth_logs.log',
    'every-verdict.log',
    'mixed.log',
    'syslog.log',
  ])('fixtures/logs/%s', async (name) => {
    const log = readFileSync(`${ROOT}fixtures/logs/${name}`);
    expect((await byAudit(log, OURS, 4096)).map(bare)).toEqual(
      (await byEvents(log, OURS)).map(bare),
    );
  });
});
