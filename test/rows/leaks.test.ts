import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { runCli, spawnCli, type Result, type RunOptions } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { privateFile } from '../support/judged.ts';
import { claims, inputOf, KEYS, lineOf, logOf, mint, NOW } from '../support/tokens.ts';

const LOGS = join(KEYS, '../logs');
const FIXTURES = readdirSync(LOGS).filter((name) => /\.(?:log|jsonl)$/.test(name));
const FORMATS = ['table', 'json', 'ndjson', 'csv', 'markdown'];
const SECRETS = ['secret', 'other-secret'].map((name) =>
  readFileSync(`${KEYS}/${name}`, 'utf8').trim(),
);
const PRIVATE = ['rsa', 'ec', 'ed25519', 'ed25519-retired'].flatMap((name) =>
  readFileSync(`${KEYS}/${name}.private.pem`, 'utf8')
    .split('\n')
    .filter((line) => line.length > 20 && !line.startsWith('-')),
);

/** What must be nowhere in an output: every third part of a dotted run, and all behind it. */
const signaturesIn = (log: string): Set<string> => {
  const runs = log.matchAll(/[\w-]{4,}(?:\.|%2E)[\w-]*(?:\.|%2E)([\w-]{16,}(?:[.\w-]*[\w-])?)/gi);
  return new Set(Array.from(runs, ([, rest]) => rest!));
};

const leaksIn = ({ stdout, stderr }: Result, hidden: Iterable<string>): string[] => {
  const printed = `${stdout}\n${stderr}`;
  return [...hidden].filter((text) => printed.includes(text));
};

const run = (args: readonly string[], options: RunOptions = {}): Promise<Result> =>
  runCli([...args, '--now', NOW], options);

const WAYS: readonly (readonly string[])[] = [
  ['--secret-file', `${KEYS}/secret`],
  ['--secret-file', `${KEYS}/other-secret`],
  ['--key', `${KEYS}/jwks.json`],
  ['--no-verify'],
  ['--secret', SECRETS[0]!, '--clock', 'now', '--allow-padding'],
];

describe('row 89', () => {
  test('row 89: the search for leaks finds a token that is printed', () => {
    const token = mint(claims());
    const hidden = signaturesIn(logOf(token));
    expect(hidden.size).toBe(1);
    expect(leaksIn({ code: 0, stdout: '', stderr: `cannot read ${token}` }, hidden)).toEqual([
      token.split('.')[2],
    ]);
  });

  describe.each(FIXTURES)('row 89: of %s', (name) => {
    const path = join(LOGS, name);
    const log = readFileSync(path, 'utf8');
    const hidden = [...signaturesIn(log), ...SECRETS, ...PRIVATE];

    test.each(FORMATS)(
      'row 89: analyze --format %s shows no token and no secret',
      async (format) => {
        expect(hidden.length).toBeGreaterThan(10);
        for (const way of WAYS) {
          const result = await run(['analyze', path, '--format', format, '--top', '0', ...way]);
          expect(result.code).toBe(0);
          expect(leaksIn(result, hidden)).toEqual([]);
        }
      },
    );

    test('row 89: events shows no token and no secret', async () => {
      for (const way of WAYS) {
        const result = await run(['events', path, ...way]);
        expect(result.code).toBe(0);
        expect(leaksIn(result, hidden)).toEqual([]);
      }
    });

    test('row 89: explain shows no token and no secret, on any line', async () => {
      const lines = log.split('\n').length - (log.endsWith('\n') ? 1 : 0);
      for (let line = 1; line <= lines; line++) {
        const result = await run(['explain', `${path}:${line}`, ...WAYS[line % 2]!]);
        expect(result.code).toBe(0);
        expect(leaksIn(result, hidden)).toEqual([]);
      }
    });
  });

  const token = mint(claims());
  const [signature] = signaturesIn(logOf(token));
  const SPOKEN = 'hunter2-correct-horse-battery';
  const hidden = [signature!, SPOKEN];
  const env = { AUTHLOG_SECRET: SPOKEN };

  test.each<[string, readonly string[], RunOptions?]>([
    ['a token as a source', ['analyze', token], { env }],
    ['a token as a source of events', ['events', token], { env }],
    ['a token to explain', ['explain', token], { env }],
    ['a token to explain as a line', ['explain', `${token}:1`], { env }],
    ['a token as a command', [token]],
    ['a token as a second place', ['explain', 'a.log:1', token], { env }],
    ['a token as the time', ['analyze', '-', '--now', token], { env }],
    ['a token as --since', ['analyze', '-', '--since', token], { env }],
    ['a token as a zone', ['analyze', '-', '--tz', token], { env }],
    ['a token as an algorithm', ['analyze', '-', '--alg', token], { env }],
    ['a token as a format', ['analyze', '-', '--format', token], { env }],
    ['a token as --fail-on', ['analyze', '-', '--fail-on', token], { env }],
    ['a token as a size', ['analyze', '-', '--max-line', token], { env }],
    ['a token as an unknown flag', ['analyze', '-', `--${token}`], { env }],
    ['a token as the secret file', ['analyze', '-', '--secret-file', token]],
    ['a token as the key', ['analyze', '-', '--key', token]],
    ['a token as the key set’s address', ['analyze', '-', '--jwks', token]],
    ['a token in the address', ['analyze', '-', '--jwks', `http://example.com/?t=${token}`]],
    ['a token as the pattern', ['analyze', '-', '--pattern', `${token}(`], { env }],
    ['a token as the output folder', ['analyze', '-', '-o', `/nowhere/${token}`], { env }],
    ['a mistyped --secret', ['analyze', '-', `--secrt=${SPOKEN}`]],
    ['a mistyped --secret of two words', ['analyze', '-', '--secrett', SPOKEN]],
    ['the secret in place of its variable', ['analyze', '-', '--secret-env', SPOKEN]],
    ['the secret in the address', ['analyze', '-', '--jwks', `https://u:${SPOKEN}@localhost/`]],
    ['--no-verify and a secret', ['analyze', '-', '--no-verify', '--secret', SPOKEN]],
    ['a missing log', ['analyze', '/nowhere.log', '--secret', SPOKEN]],
    ['a folder without logs', ['analyze', `${KEYS}/../logs/nothing*`, '--secret', SPOKEN]],
  ])('row 89: %s is not repeated in the error', async (_name, args, options = {}) => {
    const result = await runCli(args, { stdin: logOf(token), cwd: tempFolder(), ...options });
    expect(result.code).not.toBe(0);
    expect(result.code).not.toBe(70);
    expect(result.stderr).not.toBe('');
    expect(leaksIn(result, hidden)).toEqual([]);
  });

  test('row 89: a token in the environment is not repeated in the error', async () => {
    const result = await spawnCli(['analyze', '-'], { env: { ...env, AUTHLOG_TZ: token } });
    expect(result.code).toBe(2);
    expect(leaksIn(result, hidden)).toEqual([]);
  });

  test('row 89: key material in the wrong place is not repeated', async () => {
    const der = Buffer.from(PRIVATE.slice(0, 20).join(''), 'base64');
    const jwk =
      '{"kty":"OKP","crv":"Ed25519","x":"x","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}';
    const files: readonly [flag: string, content: string | Uint8Array][] = [
      ['--secret-file', readFileSync(`${KEYS}/rsa.private.pem`)],
      ['--key', readFileSync(`${KEYS}/rsa.private.pem`)],
      ['--key', readFileSync(`${KEYS}/ed25519.private.pem`)],
      ['--key', readFileSync(`${KEYS}/secret`)],
      ['--key', der],
      ['--key', jwk],
      ['--key', `{"keys":[${jwk}]}`],
      ['--key', `${jwk} and more`],
      ['--secret-file', jwk],
      ['--secret-file', 'base64:***nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A'],
    ];
    const material = [...PRIVATE, ...SECRETS, 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A'];
    for (const [flag, content] of files) {
      const result = await run(['analyze', '-', flag, privateFile('key', content)], { stdin: '' });
      expect(result.code).toBe(2);
      expect(leaksIn(result, material)).toEqual([]);
    }
  });

  test('row 89: tokens in fields around the token, and in other tokens, are masked', async () => {
    const other = mint(claims({ sub: 'bob' }));
    const nesting = [
      mint({ sub: other }),
      mint({ sub: 'ada', email: other, role: other, iss: other, aud: [other], jti: other }),
      mint({ sub: 'ada' }, { header: { kid: other } }),
      mint({ sub: other }, { secret: 'another' }),
      mint({ sub: `x ${other} y` }),
      `${inputOf({ sub: other }, { alg: 'none', kid: other })}.`,
    ];
    const around = [
      `Token: ${token}\n${lineOf(`User Log: sent ${other}`)}`,
      `198.51.100.7 - - [22/Sep/2023:10:00:00 +0000] "GET /cb/${other}?t=${token} HTTP/1.1" 200 5 "-" "agent ${other}"`,
      `{"time":"${NOW}","msg":"sent ${other}","token":"${token}","request_id":"${other}","url":"/x?${other}"}`,
      `level=info token=${token} event="${other}" path=/p/${other}`,
    ];
    const lines = [...nesting.map((text) => `Token: ${text}`), ...around].map(lineOf);
    const log = `${[...lines, ...around].join('\n')}\n`;
    const signatures = [...signaturesIn(log), other.split('.')[2]!];
    const commands = [
      ...FORMATS.map((format) => ['analyze', '-', '--format', format]),
      ['events', '-'],
    ];
    for (const command of commands) {
      for (const way of [['--secret-file', privateFile('s', SECRETS[0]!)], ['--no-verify'], []]) {
        const secret = { AUTHLOG_SECRET: 'for-tests-only' };
        const result = await run([...command, ...way], { stdin: log, env: secret });
        expect(result.code).toBe(0);
        expect(leaksIn(result, signatures)).toEqual([]);
      }
    }
    for (const line of log.split('\n')) {
      const result = await run(['explain', '-', '--no-verify'], { stdin: line });
      expect(leaksIn(result, signatures)).toEqual([]);
    }
  });

  test('row 89: an opaque value behind the label is not repeated', async () => {
    const opaque = ['sk_live_51HabcdefGHIJKLMNOP', 'Bearer 9f86d081884c7d659a2feaa0c55ad015'];
    const log = opaque.map((text) => `${lineOf(`Token: ${text}`)}\n`).join('');
    const secrets = ['sk_live_51HabcdefGHIJKLMNOP', '9f86d081884c7d659a2feaa0c55ad015'];
    for (const command of ['analyze', 'events', 'explain']) {
      const result = await run([command, '-', '--no-verify'], { stdin: log });
      expect(result.code).toBe(0);
      expect(leaksIn(result, secrets)).toEqual([]);
    }
  });

  test('row 89: a fault that nobody foresaw says where it was, and nothing of the log', async () => {
    const written = { stdout: '', stderr: '' };
    const into = (name: 'stdout' | 'stderr'): Writable =>
      new Writable({
        write: (chunk, _encoding, done) => {
          written[name] += String(chunk);
          done();
        },
      });
    const code = await main({
      argv: ['node', 'authlog', 'analyze', '-'],
      env: { AUTHLOG_SECRET: SPOKEN },
      stdin: Readable.from([]),
      stdout: into('stdout'),
      stderr: into('stderr'),
      cwd: () => {
        throw new TypeError(`cannot read ${token} with ${SPOKEN}`);
      },
    });
    expect(code).toBe(70);
    expect(written.stderr).toMatch(/^authlog: internal error \(TypeError at src\/\S+:\d+\)\n/);
    expect(leaksIn({ code, ...written }, hidden)).toEqual([]);
  });
});
