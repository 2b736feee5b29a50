import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { BIN, ROOT, runCli } from '../support/cli.ts';
import { claims, lineOf, mint, segment } from '../support/tokens.ts';
import { redactedText } from './redacting.ts';

const folder = mkdtempSync(join(tmpdir(), 'authlog-redact-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

const token = mint(claims({ email: 'ada@example.com', n: 12345678901234567890n.toString() }));
const signature = token.split('.')[2]!;

describe('what stays and what goes', () => {
  test('a line without tokens stays as it is, to the byte', async () => {
    const text = `GET /a%20b?x=%2Fy HTTP/1.1\r\n\u00e9\u0000\u0001 {"a":"\\u0041\\n"}\n\n  no line break`;
    expect(await redactedText(text)).toBe(text);
  });

  test('words that look a little like tokens stay', async () => {
    const text = [
      'at org.example.keyInfo.survey.Handler.process(Handler.java:42)',
      'GET /assets/main.4f9a0b1c2d3e4f5a.js?v=1.2.3 HTTP/2 200',
      'request 123e4567-e89b-12d3-a456-426614174000 to k8s.io.api.core.v1.Service',
      'image sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0ba9dce2f2b2b2b2b2b2b2',
      'they.are.nice eyAnnotation.of.something newer.version.of.this',
    ].join('\n');
    expect(await redactedText(text)).toBe(text);
  });

  test('header and claims stay, and the mark tells the id', async () => {
    const [header, payload] = token.split('.');
    const { stdout } = await runCli(['explain', '--no-verify'], { stdin: lineOf(token) });
    const id = /token_id ([\w-]{16})/.exec(stdout)![1]!;
    const expected = `a ${header}.${payload}.[redacted:${id}] b`;
    expect(await redactedText(`a ${token} b`)).toBe(expected);
    const whole = await redactedText(`a ${token} b`, { replace: 'token' });
    expect(whole).toBe(`a [token:${id}] b`);
  });

  test('claims are taken out, the others keep their spelling', async () => {
    const payload =
      '{"sub":"ada", "email":"a@b.c","n":12345678901234567890,"\\u0065mail":1,"x":{"email":2}}';
    const text = mint(payload);
    const found = await redactedText(text, { dropClaims: new Set(['email']) });
    const kept = Buffer.from(found.split('.')[1]!, 'base64url').toString();
    expect(kept).toBe('{"sub":"ada","n":12345678901234567890,"x":{"email":2}}');
    const none = await redactedText(text, { dropClaims: 'all' });
    expect(none.split('.')[1]).toBe(segment('{}'));
    const unreadable = await redactedText(mint('{"email":"a@b.c"'), {
      dropClaims: new Set(['email']),
    });
    expect(unreadable.split('.')[1]).toBe('redacted');
  });

  test.each([
    [1, '203.0.113.7 to 10.1.2.3:80', '203.0.113.0 to 10.1.2.0:80'],
    [2, 'ip=203.0.113.7', 'ip=203.0.0.0'],
    [3, '::ffff:203.0.113.7', '::ffff:203.0.0.0'],
    [1, '[2001:db8:1:2:3:4:5:6]:443', '[2001:db8:1:2::]:443'],
    [2, '2001:DB8:1:2::6', '2001:db8:1::'],
    [3, 'fe80::1', 'fe80::'],
    [1, '1.2.3.4.5 10:20:30 a:b 300.1.1.1 aa:bb:cc:dd:ee:ff', null],
  ] as const)('IP addresses, level %d: %s', async (anonymizeIp, text, expected) => {
    expect(await redactedText(text, { anonymizeIp })).toBe(expected ?? text);
  });

  test('what follows the label goes, token or not', async () => {
    const found = await redactedText(
      'Token: opaque-secret!42, then {"m":"Token: abc","user":"x"}\n',
    );
    expect(found).toMatch(
      /^Token: \[redacted:[\w-]{16}\], then \{"m":"Token: \[redacted:[\w-]{16}\]","user":"x"\}\n$/,
    );
    expect(await redactedText('Token: [REDACTED]\nToken: ***\n')).toBe(
      'Token: [REDACTED]\nToken: ***\n',
    );
  });

  test('other credentials that stand behind a label go', async () => {
    const opaque = '0123456789abcdefGHIJ/+~';
    const password = Buffer.from('ada:correct horse').toString('base64');
    const found = await redactedText(
      `"Bearer ${opaque}" "Basic ${password}" {"payload":"eyJ9","signature":"${signature}"}`,
    );
    expect(found).not.toContain(opaque.slice(0, 16));
    expect(found).not.toContain(password);
    expect(found).not.toContain(signature);
  });

  test('a token that is broken over lines is no token when these are joined', async () => {
    for (const [size, end] of [
      [76, '\n'],
      [70, '=\n'],
      [64, '\r\n'],
    ] as const) {
      const pieces = token.match(new RegExp(`.{1,${size}}`, 'g'))!;
      const found = await redactedText(`${pieces.join(end)}\n2023-09-22 next line\n`);
      expect(found.replaceAll(/[=\r\n]/g, '')).not.toContain(signature.slice(0, 20));
      expect(found.replaceAll(/[=\r\n]/g, '')).not.toContain(signature.slice(-20));
      expect(found).toContain('\n2023-09-22 next line\n');
    }
  });

  test('the rest of a line over --max-line is redacted as well, a word over it left out', async () => {
    const text = `${'word '.repeat(200)}${token} ${'x'.repeat(700)} ${token} end\nnext ${token}\n`;
    const found = await redactedText(text, { maxLine: 500 });
    expect(found).not.toContain(signature.slice(0, 16));
    expect(found.split('[redacted:').length).toBe(5);
    expect(found).toContain('[redacted: a word over --max-line] ');
    expect(found.startsWith('word '.repeat(200))).toBe(true);
    expect(found.endsWith(']\n')).toBe(true);
  });
});

describe('at the edges', () => {
  test('a label before the cut of a long line is known behind it', async () => {
    // The space behind the label is the last one of the first 100 bytes.
    const text = `${'w '.repeat(42)}Token: opaque/secret/9!words\n`;
    const found = await redactedText(text, { maxLine: 100 });
    expect(found).not.toContain('opaque');
    expect(found).toMatch(/Token: \[redacted:[\w-]{16}\]\n$/);
  });

  test('what the scanner takes for no token does not become one', async () => {
    const [header] = token.split('.');
    const found = await redactedText(`a ${token}.c29tZXRoaW5n b`);
    expect(found).toMatch(new RegExp(`^a ${header}\\.\\[redacted:[\\w-]{16}\\] b$`));
  });

  test('a word that is spelled more than eight times over is hidden as a whole', async () => {
    const spelled = token.replaceAll('.', `%${'25'.repeat(12)}2E`);
    expect(await redactedText(`a ${spelled} b`)).toBe('a [redacted] b');
  });
});

describe('as a program', () => {
  const log = `${ROOT}fixtures/logs/mixed.log`;

  test('-o makes a file that only its owner may read, and refuses the input itself', async () => {
    const path = join(folder, 'out.log');
    expect((await runCli(['redact', log, '-o', path])).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe((await runCli(['redact', log])).stdout);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const same = await runCli(['redact', path, '-o', path]);
    expect(same.code).toBe(2);
    expect(same.stderr).toContain('is also an input');
  });

  test('several sources follow each other, each on a line of its own', async () => {
    const [a, b] = [written('a.log', 'one'), written('b.log', `two ${token}\n`)];
    const { code, stdout } = await runCli(['redact', a, b, written('c.log', 'one')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^one\ntwo ey\S+\]\none$/);
  });

  test('an input that ends early is redacted up to there, exit 3', async () => {
    const path = written('cut.log.gz', gzipSync(readFileSync(log)));
    truncateSync(path, statSync(path).size - 200);
    const { code, stdout, stderr } = await runCli(['redact', path, join(folder, 'none.log')]);
    expect(code).toBe(3);
    expect(stdout.length).toBeGreaterThan(100);
    expect(stderr).toContain('cut.log.gz');
    expect(stderr).toContain('none.log');
  });

  test('UTF-16 comes out as UTF-8, and it is said', async () => {
    const text = `${lineOf(`Token: ${token}`)}\n`.repeat(3);
    const path = written('utf16.log', Buffer.from(`\ufeff${text}`, 'utf16le'));
    const { code, stdout, stderr } = await runCli(['redact', path]);
    expect(code).toBe(0);
    expect(stdout).toBe(await redactedText(text));
    expect(stderr).toContain('UTF-16LE');
  });

  test('a store is refused', async () => {
    const { code, stderr } = await runCli(['redact', 'duckdb:history.duckdb']);
    expect(code).toBe(2);
    expect(stderr).toContain('a store holds no tokens');
  });

  test('a full disk is exit 4', async () => {
    if (!existsSync('/dev/full')) return;
    const { code, stderr } = await runCli(['redact', log, '-o', '/dev/full']);
    expect(code).toBe(4);
    expect(stderr).toContain('no space left');
  });

  test('a closed pipe is exit 0', async () => {
    const large = written('large.log', `${lineOf(`Token: ${token}`)}\n`.repeat(20_000));
    const child = spawn(process.execPath, [BIN, 'redact', large], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('hostile words take no longer than their length', async () => {
    const size = 1 << 20;
    const hostile = ['eyJ', 'ey.', '%25', '\\\\', '&#', 'bearer=', 'A/', 'eyJh.', '=2E', 'h.p.s='];
    for (const piece of hostile) {
      const started = performance.now();
      await redactedText(piece.repeat(size / piece.length));
      expect(performance.now() - started, piece).toBeLessThan(8000);
    }
  });
});
