import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, spawnCli, summaryOf } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import {
  analyzed,
  noticeOf,
  parseEvents,
  refusal,
  privateFile,
  verdictOf,
  verdictsOf,
} from '../support/judged.ts';
import {
  claims,
  KEYS,
  logOf,
  mint,
  mintPublic,
  NOW,
  NOW_S,
  SECRET,
  segment,
} from '../support/tokens.ts';

const good = logOf(mint(claims()));

describe('secrets', () => {
  test('row 85: --secret works, warns, and is not printed', async () => {
    const { code, stdout, stderr } = await runCli(
      ['analyze', '-', '--secret', SECRET, '--json', '--now', NOW],
      { stdin: good },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ totals: { verdicts: { valid: 1 } } });
    expect(stderr).toContain('--secret shows the secret to everyone who can list processes');
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test('row 86: without a key and without a terminal the program ends at once', async () => {
    const started = await spawnCli(['analyze', `${KEYS}/README.md`]);
    expect(refusal(started)).toContain('no key to verify with');
    expect(refusal(await spawnCli(['analyze', '-'], { stdin: good }))).toContain('--no-verify');
  });

  test('row 87: a secret file loses one newline, and a notice says so', async () => {
    const noticed = async (content: string | Uint8Array): Promise<[number, string[]]> => {
      const args = ['--secret-file', privateFile('secret', content)];
      const { totals, notices } = await analyzed(good, args);
      return [totals.verdicts.valid, notices.map(({ code }) => code).toSorted()];
    };
    expect(await noticed(SECRET)).toEqual([1, []]);
    expect(await noticed(`${SECRET}\n`)).toEqual([1, ['secret_newline']]);
    expect(await noticed(`${SECRET}\r\n`)).toEqual([1, ['secret_newline']]);
    expect(await noticed(`\uFEFF${SECRET}`)).toEqual([1, []]);
    expect(await noticed(`base64:${Buffer.from(SECRET).toString('base64')}\n`)).toEqual([
      1,
      ['secret_newline'],
    ]);
    expect(await noticed(`${SECRET}\n\n`)).toEqual([0, ['secret_newline', 'wrong_key']]);
    expect(await noticed(`${SECRET} `)).toEqual([0, ['wrong_key']]);
    expect(await noticed(`${SECRET}\r`)).toEqual([0, ['wrong_key']]);
  });

  test('row 87: a secret that others can read, and a short one, are remarked on', async () => {
    const open = privateFile('secret', SECRET);
    chmodSync(open, 0o644);
    const readable = await analyzed(good, ['--secret-file', open]);
    expect(noticeOf(readable, 'secret_readable')).toContain(`(0644): chmod 600 ${open}`);
    const short = await analyzed(good, [
      '--secret-file',
      privateFile('secret', 'sixteen bytes ok'),
    ]);
    expect(noticeOf(short, 'weak_secret')).toContain('128 bits long and can be guessed');
  });

  test.each(['', '\n', '\r\n', '\uFEFF', '\uFEFF\n', 'base64:', 'base64:\n'])(
    'row 87: an empty secret file (%j) is refused',
    async (content) => {
      const args = ['analyze', '-', '--secret-file', privateFile('secret', content)];
      expect(refusal(await runCli(args, { stdin: good }))).toContain('is empty');
    },
  );

  test('row 87: an empty secret in the environment or the flag is refused', async () => {
    const named = ['analyze', '-', '--secret-env', 'MY_SECRET'];
    const env = { MY_SECRET: '' };
    expect(refusal(await runCli(named, { stdin: good, env }))).toContain('MY_SECRET is empty');
    expect(refusal(await runCli(named, { stdin: good }))).toContain('MY_SECRET is not set');
    expect(refusal(await runCli(['analyze', '-', '--secret', ''], { stdin: good }))).toContain(
      'is empty',
    );
  });

  test('row 88: a log that another key signed is a report with a hint, not an error', async () => {
    const tokens = [mint(claims()), mint(claims({ sub: 'bob' }))];
    const path = privateFile('auth.log', logOf(...tokens));
    const { code, stdout } = await runCli([
      'analyze',
      path,
      '--secret-file',
      `${KEYS}/other-secret`,
      '--json',
    ]);
    expect(code).toBe(0);
    const summary = JSON.parse(stdout) as Awaited<ReturnType<typeof analyzed>>;
    expect(summary.totals.verdicts.bad_signature).toBe(2);
    expect(noticeOf(summary, 'wrong_key')).toContain('is this the right key');
    const foreign = await analyzed(logOf(...tokens), ['--key', `${KEYS}/rsa.public.pem`]);
    expect(noticeOf(foreign, 'wrong_key')).toContain('are these the right keys');
    // One token that verifies: the key is right, the others are forged.
    const mixed = await analyzed(logOf(...tokens, mint(claims(), { secret: 'another' })));
    expect(noticeOf(mixed, 'wrong_key')).toBeUndefined();
  });

  test('row 90: live tokens in a log that everyone can read are remarked on, without showing one', async () => {
    const live = [
      mint(claims()),
      mint(claims({ sub: 'bob', exp: NOW_S + 60 })),
      mint({ sub: 'c' }),
    ];
    const over = mint(claims({ exp: NOW_S - 60 }));
    const forged = mint(claims(), { secret: 'another' });
    const path = join(tempFolder(), 'auth.log');
    writeFileSync(path, logOf(...live, live[0]!, over, forged));
    const read = (mode: number): ReturnType<typeof summaryOf> => {
      chmodSync(path, mode);
      return summaryOf([path, '--now', NOW], { env: { AUTHLOG_SECRET: SECRET } });
    };
    const open = await read(0o644);
    expect(noticeOf(open, 'live_tokens')).toBe(
      `Everyone on this machine can read ${path} (0644), and the log holds 3 tokens of 3 users that can still be used`,
    );
    for (const mode of [0o600, 0o640]) {
      expect(noticeOf(await read(mode), 'live_tokens')).toBeUndefined();
    }
    for (const token of live) {
      expect(JSON.stringify(open)).not.toContain(token.split('.')[2]);
    }
    expect(noticeOf(await analyzed(logOf(over)), 'live_tokens')).toBeUndefined();
  });
});

describe('key sets', () => {
  const oct = (text: string, kid?: string): object => ({
    kty: 'oct',
    k: segment(text.padEnd(32, '.')),
    ...(kid !== undefined && { kid }),
  });
  const write = (keys: unknown): string[] => [
    '--key',
    privateFile('keys.json', JSON.stringify({ keys })),
  ];
  const fails = async (args: readonly string[]): Promise<string> =>
    refusal(await runCli(['analyze', '-', ...args], { stdin: good }));
  const publicKey = {
    kty: 'OKP',
    crv: 'Ed25519',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  };

  test('row 91: secrets beside public keys, one kid for two keys and no key at all are refused', async () => {
    expect(await fails(write([oct('a'), publicKey]))).toContain('mixes shared secrets');
    expect(await fails(write([oct('a', 'k'), oct('b', 'k')]))).toContain('ambiguous');
    expect(await fails([...write([oct('a', 'k')]), ...write([oct('b', 'k')])])).toContain(
      'ambiguous',
    );
    expect(await fails(write([]))).toContain('holds no key');
    expect(await fails(write({}))).toContain('is no list');
    expect(await fails(['--key', privateFile('keys.json', '{"keys":[')])).toContain(
      'not valid JSON',
    );
  });

  test('row 91: a private key is refused without showing it', async () => {
    const d = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A';
    const message = await fails(write([{ ...publicKey, d }]));
    expect(message).toContain('private key; pass its public half');
    expect(message).not.toContain(d);
    const pem = await fails(['--key', `${KEYS}/rsa.private.pem`]);
    expect(pem).toContain('private key; pass its public half');
    expect(pem).toContain('openssl pkey');
  });

  test('row 91: more than a megabyte is no key set', async () => {
    const long = write([{ ...publicKey, note: 'x'.repeat(1 << 20) }]);
    expect(await fails(long)).toContain('larger than 1 MiB');
  });

  test('row 91: a token without kid is tried against the keys of its type, 16 at most', async () => {
    const keys = Array.from({ length: 20 }, (_, i) => oct(`secret-${i}`));
    const secretOf = (i: number): string => `secret-${i}`.padEnd(32, '.');
    const tokens = [0, 15, 16, 19].map((i) => mint(claims(), { secret: secretOf(i) }));
    const args = write(keys);
    expect(await verdictsOf(tokens, args)).toEqual([
      'valid',
      'valid',
      'bad_signature',
      'bad_signature',
    ]);
    expect(noticeOf(await analyzed(good, args), 'keys_not_tried')).toContain('the first 16 only');
    expect(await verdictOf(mintPublic('ES256', claims(), { kid: undefined }), args)).toMatch(
      /^alg_not_allowed/,
    );
  });

  test.each([
    'http://example.com/jwks.json',
    'https://127.0.0.1/jwks.json',
    'https://localhost/jwks.json',
    'https://[::1]/jwks.json',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/jwks.json',
    'https://2130706433/jwks.json',
    'https://0x7f.1/jwks.json',
    'https://user:hunter2@example.com/jwks.json',
    'file:///etc/passwd',
    'ftp://example.com/',
    'not a url',
  ])('row 92: --jwks %s is refused before anything is asked', async (url) => {
    const message = await fails(['--jwks', url]);
    expect(message).toMatch(/^authlog: /);
    expect(message).not.toContain('hunter2');
    expect(message).not.toMatch(/timed? ?out|ECONN/i);
  });

  test('row 92: nothing is asked of a network without --jwks', async () => {
    // A proxy that would show in an error, were anything asked.
    const env = { AUTHLOG_SECRET: SECRET, HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'x' };
    const { code, stdout } = await spawnCli(['events', '-', '--now', NOW], { stdin: good, env });
    expect(code).toBe(0);
    expect(parseEvents(stdout)).toMatchObject([{ verdict: 'valid' }]);
  });
});
