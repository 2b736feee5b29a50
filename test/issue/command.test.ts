import { createHash, createHmac } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ROOT, runCli, spawnCli, summaryOf, type Result } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { privateFile, refusal } from '../support/judged.ts';
import { logOf, NOW, NOW_S, SECRET } from '../support/tokens.ts';
import { jwkOf, pkcs8 } from './keys.ts';

const ENV = { AUTHLOG_SECRET: SECRET };
const TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\n$/;

const issue = (
  args: readonly string[],
  options: Parameters<typeof runCli>[1] = {},
): Promise<Result> => runCli(['issue', '--now', NOW, ...args], { env: ENV, ...options });

const claimsOf = ({ stdout }: Result): Record<string, unknown> =>
  JSON.parse(Buffer.from(stdout.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;

interface Printed {
  readonly token: string;
  readonly token_id: string;
}

const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
const schemaOf = (name: string): ReturnType<typeof ajv.compile> =>
  ajv.compile(JSON.parse(readFileSync(`${ROOT}schema/${name}`, 'utf8')) as object);
const checkToken = schemaOf('authlog.token-1.json');
const checkEvent = schemaOf('authlog.event-1.json');

describe('authlog issue', () => {
  test("signs the article's token, and prints it alone", async () => {
    const path = privateFile('secret', SECRET);
    const args = ['--user-id', '12345', '--email', 'johndoe@example.com', '--secret-file', path];
    const result = await issue(args, { env: {} });
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(result.stdout).toMatch(TOKEN);
    const { jti, ...claims } = claimsOf(result);
    expect(claims).toEqual({
      user_id: '12345',
      email: 'johndoe@example.com',
      iat: NOW_S,
      exp: NOW_S + 86_400,
    });
    expect(jti).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
    const [header, payload, signature] = result.stdout.trim().split('.');
    expect(JSON.parse(Buffer.from(header!, 'base64url').toString())).toEqual({
      alg: 'HS256',
      typ: 'JWT',
    });
    const mac = createHmac('sha256', SECRET).update(`${header}.${payload}`).digest('base64url');
    expect(signature).toBe(mac);
    const log = logOf(result.stdout.trim());
    const summary = await summaryOf(['-', '--now', NOW], { stdin: log, env: ENV });
    expect(summary.users).toMatchObject([{ user_id: '12345', email: 'johndoe@example.com' }]);
    expect(summary.totals.verdicts.valid).toBe(1);
  });

  test('takes claims by flags, from a file and from standard input', async () => {
    const file = tempFile('claims.json', '{"tenant":"acme","groups":["a"]}');
    const args = ['--claims', file, '--claim', 'level=3', '--claim', 'note=a=b', '--role', 'user'];
    const more = ['--issuer', 'me', '--audience', 'api', '--audience', 'web', '--jti', 'j'];
    const times = ['--expires-in', '15m', '--not-before', '+1m'];
    const result = await issue([...args, ...more, ...times, '--claim', 'user_id=12345']);
    expect(claimsOf(result)).toEqual({
      role: 'user',
      tenant: 'acme',
      groups: ['a'],
      level: 3,
      note: 'a=b',
      user_id: 12_345,
      iss: 'me',
      aud: ['api', 'web'],
      nbf: NOW_S + 60,
      iat: NOW_S,
      exp: NOW_S + 900,
      jti: 'j',
    });
    const piped = await issue(['--claims', '-'], { stdin: '{"sub":"ada"}' });
    expect(claimsOf(piped)).toMatchObject({ sub: 'ada' });
    const moment = await issue(['--user-id', '1', '--not-before', '2023-09-22T10:00:30Z']);
    expect(claimsOf(moment)).toMatchObject({ nbf: NOW_S + 30 });
  });

  test('--json is what its schema says', async () => {
    const key = privateFile('key.json', JSON.stringify(jwkOf('P-256', { kid: 'k1' })));
    const { stdout } = await issue(['--json', '--key', key, '--user-id', 'a\u202Eb\u009B']);
    expect(stdout).toMatch(/^\{"schema":"authlog\.token\/1","token":"[^\n]*\}\n$/);
    // Nothing in it acts on a terminal.
    expect(stdout).toMatch(/^[ -~]*\n$/);
    const printed = JSON.parse(stdout) as Printed;
    expect(checkToken(printed), JSON.stringify(checkToken.errors)).toBe(true);
    expect(printed).toMatchObject({ header: { alg: 'ES256', kid: 'k1' } });
    const hash = createHash('sha256').update(printed.token).digest('base64url');
    expect(printed.token_id).toBe(hash.slice(0, 16));
    expect(checkToken({ ...printed, token: 'a.b' })).toBe(false);
    expect(checkToken({ ...printed, header: { alg: 'none', typ: 'JWT' } })).toBe(false);
  });

  test('-o writes a file that nobody else reads', async () => {
    const path = join(tempFolder(), 'token');
    const { code, stdout } = await issue(['--user-id', '1', '-o', path]);
    expect([code, stdout]).toEqual([0, '']);
    expect(readFileSync(path, 'utf8')).toMatch(TOKEN);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('what was typed wins over the environment', async () => {
    const path = privateFile('key.pem', pkcs8('P-256'));
    onTestFinished(() => void vi.unstubAllEnvs());
    // The parser of the command line looks at the real environment.
    vi.stubEnv('AUTHLOG_SIGNING_KEY', path);
    vi.stubEnv('AUTHLOG_KEY', '/no/public.pem');
    const alg = async (args: readonly string[]): Promise<unknown> => {
      const { stdout } = await issue(['--user-id', '1', '--json', ...args]);
      return (JSON.parse(stdout) as { header: { alg: string } }).header.alg;
    };
    expect(await alg([])).toBe('ES256');
    expect(await alg(['--secret-env', 'AUTHLOG_SECRET'])).toBe('HS256');
    vi.stubEnv('AUTHLOG_EXPIRES_IN', '5m');
    expect(claimsOf(await issue(['--user-id', '1']))['exp']).toBe(NOW_S + 300);
    const never = await issue(['--user-id', '1', '--no-expiry']);
    expect(claimsOf(never)).not.toHaveProperty('exp');
    vi.stubEnv('AUTHLOG_NO_EXPIRY', '1');
    expect(claimsOf(await issue(['--user-id', '1']))).not.toHaveProperty('exp');
    const typed = await issue(['--user-id', '1', '--expires-in', '1m']);
    expect(claimsOf(typed)['exp']).toBe(NOW_S + 60);
  });

  test('a token without end is said aloud', async () => {
    const { code, stderr } = await issue(['--user-id', '1', '--no-expiry']);
    expect([code, stderr]).toEqual([
      0,
      'authlog: the token never expires: whoever finds it can use it until the key is changed\n',
    ]);
  });

  test('the built program signs too', async () => {
    const { code, stdout } = await spawnCli(['issue', '--user-id', '1'], { env: ENV });
    expect(code).toBe(0);
    expect(stdout).toMatch(TOKEN);
  });
});

describe('authlog issue --record', () => {
  test('tells of the token before it is out, and never has it', async () => {
    const folder = tempFolder();
    const log = join(folder, 'auth.jsonl');
    const { code, stdout } = await issue(['--user-id', '12345', '--record', log, '--json']);
    expect(code).toBe(0);
    const printed = JSON.parse(stdout) as Printed;
    const text = readFileSync(log, 'utf8');
    const event: unknown = JSON.parse(text);
    expect(checkEvent(event), JSON.stringify(checkEvent.errors)).toBe(true);
    expect(event).toMatchObject({
      event: 'token_issued',
      verdict: 'valid',
      token_id: printed.token_id,
      user_id: '12345',
      time: '2023-09-22T10:00:00.000Z',
    });
    expect(text).not.toContain(printed.token.split('.')[2]);
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  test.each(['-o', 'stdout'])('prints no token that it could not record (%s)', async (where) => {
    const folder = tempFolder();
    const out = where === '-o' ? ['-o', join(folder, 'token')] : [];
    const result = await issue(['--user-id', '1', '--record', join(folder, 'no/log'), ...out]);
    expect(result.code).not.toBe(0);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(/^authlog: /);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('records no token that has no place to go', async () => {
    const log = join(tempFolder(), 'auth.jsonl');
    const result = await issue(['--user-id', '1', '--record', log, '-o', '/no/such/token']);
    expect([result.code, result.stdout]).toEqual([4, '']);
    expect(() => readFileSync(log)).toThrow(/ENOENT/);
  });
});

const CLAIMS = '{"password":"hunter2"';

describe('refused, without a word of the secret', () => {
  const keyFile = (): string => privateFile('key.pem', pkcs8('P-256'));
  test.each<[string, () => readonly string[], RegExp]>([
    ['two keys', () => ['--secret', SECRET, '--key', keyFile()], /signed by one key/],
    ['two files', () => ['--key', keyFile(), '--key', keyFile()], /signed by one key/],
    ['a weak secret', () => ['--secret', 'hunter2'], /7 bytes long; HS256 needs at least 32/],
    ['a known secret', () => ['--secret', 'secret_key'], /guessed first/],
    [
      'a secret too short for HS512',
      () => ['--secret', SECRET.slice(0, 40), '--alg', 'HS512'],
      /HS512/,
    ],
    ['a key as secret', () => ['--secret-file', keyFile()], /not a shared secret/],
    ['an unknown algorithm', () => ['--alg', 'none'], /none cannot be allowed/],
    [
      "another type's algorithm",
      () => ['--key', keyFile(), '--alg', 'HS256'],
      /does not sign HS256/,
    ],
    ['an empty kid', () => ['--kid', ''], /kid\) is empty/],
    ['an empty user', () => ['--user-id', ''], /user id is empty/],
    ['a lifetime and none', () => ['--expires-in', '1h', '--no-expiry'], /exclude each other/],
    ['a lifetime and exp', () => ['--expires-in', '1h', '--claim', 'exp=1'], /exclude each other/],
    ['no expiry and exp', () => ['--no-expiry', '--claim', 'exp=1'], /exclude each other/],
    ['exp as text', () => ['--claim', 'exp=tomorrow'], /exp must be a number/],
    ['no lifetime', () => ['--expires-in', '0'], /at least a second/],
    ['no duration', () => ['--expires-in', 'soon'], /Give a duration/],
    ['no moment', () => ['--not-before', '+soon'], /--not-before is no time/],
    ['no moment either', () => ['--not-before', 'soon'], /--not-before is no time/],
    ['a claim without value', () => ['--claim', 'hunter2'], /--claim needs NAME=VALUE/],
    ['a claim without name', () => ['--claim', '=hunter2'], /--claim needs NAME=VALUE/],
    ['a claim twice', () => ['--claim', 'a=hunter2', '--claim', 'a=2'], /claim a is given twice/],
    [
      'a claim and its flag',
      () => ['--email', 'a@b', '--claim', 'email=c@d'],
      /email is given twice/,
    ],
    ['__proto__', () => ['--claim', '__proto__={"admin":true}'], /__proto__/],
    ['damaged claims', () => ['--claims', tempFile('c', CLAIMS)], /is not valid JSON/],
    ['claims that are no text', () => ['--claims', tempFile('c', Buffer.of(0xff))], /is not UTF-8/],
    ['a variable that is not set', () => ['--secret-env', 'NO_SUCH'], /NO_SUCH is not set/],
    ['a missing key', () => ['--key', '/no/key'], /cannot read \/no\/key: ENOENT/],
  ])('%s', async (_name, args, sentence) => {
    const words = args();
    const message = refusal(await issue(words));
    expect(message).toMatch(sentence);
    expect(message).not.toMatch(/hunter2|BEGIN|eyJ|\.ts:/);
    expect(message).not.toContain(SECRET.slice(0, 20));
  });

  test('missing claims are an input that cannot be read', async () => {
    const { code, stdout, stderr } = await issue(['--claims', '/no/claims']);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/cannot read \/no\/claims: ENOENT/);
  });

  test('no key, and nobody to ask', async () => {
    expect(refusal(await issue(['--user-id', '1'], { env: {} }))).toMatch(/no key to sign with/);
  });

  test('a weak secret that was allowed is still remarked', async () => {
    const args = ['--user-id', '1', '--secret', 'hunter2', '--allow-weak-secret'];
    const { code, stdout, stderr } = await issue(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(TOKEN);
    expect(stderr).toMatch(/--secret shows the secret to everyone/);
    expect(stderr).toMatch(/7 bytes long/);
    expect(stderr).not.toMatch(/hunter2|eyJ/);
  });

  test('a folder in place of the output', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'x'), '');
    const { code, stdout, stderr } = await issue(['--user-id', '1', '-o', folder]);
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).not.toMatch(/eyJ/);
  });
});
