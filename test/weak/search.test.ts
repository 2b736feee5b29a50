import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { searchWeakSecrets, type SearchProgress, type WeakSearch } from '../../src/weak/search.ts';
import type { WeakSecret } from '../../src/weak/weak-secret.ts';
import { ROOT } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { SECRET } from '../support/tokens.ts';
import { keyOf, ringOf, sampleOf } from './samples.ts';

const search = (given: Partial<WeakSearch>): Promise<readonly WeakSecret[]> =>
  searchWeakSecrets({ keys: null, samples: [], wordlists: [], threads: 1, ...given });

/** In no list, and not to be guessed. */
const OTHER = 'Vq7#unlisted-Zk29xw-and-long-enough-for-all-of-them-0c5d8e1f72ab';

describe('a configured secret', () => {
  test('of the articles is in our own list', async () => {
    const [found] = await search({ keys: ringOf(keyOf('secret_key')) });
    expect(found).toMatchObject({ key: 'secret', rank: 2, length: 10, tokens: [] });
    expect(found!.why).toBe(
      'is number 2 of the secrets that manuals and tutorials show, ' +
        'and is 10 bytes long; HS256 needs at least 32 (RFC 7518 section 3.2)',
    );
  });

  test.each(['Your-Secret-Key', 'SUPER_SECRET_KEY', 'my.jwt.secret', 'changeMe!', 'secret2024'])(
    'is there in another spelling: %s',
    async (text) => {
      const [found] = await search({ keys: ringOf(keyOf(text)) });
      expect(found!.rank).not.toBeNull();
    },
  );

  test('is there as what a text of the list decodes to', async () => {
    const rfc =
      'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow';
    const [found] = await search({ keys: ringOf(keyOf(Buffer.from(rfc, 'base64url'))) });
    expect(found).toMatchObject({ length: 64, rank: expect.any(Number) as number });
    const text = Buffer.from('super secret key').toString('base64');
    expect((await search({ keys: ringOf(keyOf(text)) }))[0]!.rank).toBe(12);
  });

  test.each([
    ['as it is', OTHER],
    ['with a carriage return', `${OTHER}\r`],
    ['in base64', Buffer.from(OTHER).toString('base64')],
    ['in base64url without padding', Buffer.from(OTHER).toString('base64url')],
    ['in hexadecimal', Buffer.from(OTHER).toString('hex')],
  ])('is in a word list: %s', async (_says, line) => {
    const list = tempFile('words.txt', `first\n\n${line}\nlast\n`);
    const found = await search({ keys: ringOf(keyOf(OTHER)), wordlists: [list] });
    expect(found).toEqual([
      { key: 'secret', why: 'is line 3 of words.txt', rank: 3, length: OTHER.length, tokens: [] },
    ]);
  });

  test('is in a word list that has what it decodes to', async () => {
    const list = tempFile('words.txt', OTHER);
    const text = Buffer.from(OTHER).toString('base64');
    const found = await search({ keys: ringOf(keyOf(text)), wordlists: [list] });
    expect(found).toMatchObject([{ rank: 1, length: text.length }]);
  });

  test('may be what a line is not quite', async () => {
    const lines = [OTHER.slice(1), `${OTHER} `, ` ${OTHER}`, OTHER.toUpperCase(), `${OTHER}\r\r`];
    const list = tempFile('words.txt', lines.join('\n'));
    expect(await search({ keys: ringOf(keyOf(OTHER)), wordlists: [list] })).toEqual([]);
  });

  test('is measured by the algorithms of its tokens, else by the least of its own', async () => {
    const long = keyOf(OTHER.slice(0, 40));
    expect(await search({ keys: ringOf(long) })).toEqual([]);
    const sample = sampleOf(long.secret!, { alg: 'HS512' }, { key: 'secret' });
    const plain = sampleOf(long.secret!, { sub: 'bob' }, { key: 'secret' });
    const [found] = await search({ keys: ringOf(long), samples: [plain, sample] });
    const tokens = [{ id: plain.id }, { id: sample.id }];
    expect(found).toMatchObject({ key: 'secret', rank: null, tokens });
    expect(found!.why).toContain('is 40 bytes long; HS512 needs at least 64');
    const only = keyOf(OTHER.slice(0, 40), { algs: ['HS384'] });
    expect((await search({ keys: ringOf(only) }))[0]!.why).toContain('HS384 needs at least 48');
  });

  test('repeats itself', async () => {
    const [found] = await search({ keys: ringOf(keyOf('Vq7#'.repeat(16))) });
    expect(found!.why).toBe('repeats itself, so it is easily guessed');
  });

  test('verifies tokens that were not tried with it, and these are told with it', async () => {
    const sample = sampleOf('secret_key', { kid: 'lost' });
    const found = await search({ keys: ringOf(keyOf('secret_key')), samples: [sample] });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ key: 'secret', tokens: [{ id: sample.id, kid: 'lost' }] });
  });

  test('that is strong is not told of', async () => {
    const sample = sampleOf(SECRET, {}, { key: 'secret' });
    expect(await search({ keys: ringOf(keyOf(SECRET)), samples: [sample] })).toEqual([]);
  });
});

describe('a token', () => {
  test.each([
    ['HS256', 'secret_key'],
    ['HS384', 'your-256-bit-secret'],
    ['HS512', 'Super_Secret_Key'],
    ['HS256', ''],
  ])('of %s is verified by a secret of our own list: %j', async (alg, secret) => {
    const [found] = await search({ samples: [sampleOf(secret, { alg })] });
    expect(found).toMatchObject({ key: null, length: secret.length });
    expect(found!.why).toMatch(/^is number \d+ of the secrets that manuals/);
  });

  test('is verified by a line of a word list, told by line and length', async () => {
    const list = tempFile('words.txt', `a\nb\r\n${OTHER}\r\n${OTHER}\n`);
    const [found, ...others] = await search({ samples: [sampleOf(OTHER)], wordlists: [list] });
    expect(others).toEqual([]);
    expect(found).toEqual({
      key: null,
      why: 'is line 3 of words.txt',
      rank: 3,
      length: OTHER.length,
      tokens: [
        {
          id: 'token-of-ada',
          alg: 'HS256',
          kid: null,
          file: 'auth.log',
          line: 1,
          offset: 33,
          time: 0,
        },
      ],
    });
  });

  test.each<[string, BufferEncoding, string]>([
    ['base64', 'base64', 'base64'],
    ['base64url', 'base64url', 'base64'],
    ['hexadecimal', 'hex', 'hexadecimal digits'],
  ])('is verified by what a line decodes to: %s', async (_says, encoding, words) => {
    const key = Uint8Array.from({ length: 77 }, (_, i) => (i * 97 + 5) & 255);
    const list = tempFile('words.txt', `x\n${Buffer.from(key).toString(encoding)}`);
    const [found] = await search({ samples: [sampleOf(key)], wordlists: [list] });
    expect(found).toMatchObject({ rank: 2, length: 77 });
    expect(found!.why).toBe(`is line 2 of words.txt, decoded from ${words}`);
  });

  test('of another kind, of a strong secret, or with a torn signature is left', async () => {
    const torn = { ...sampleOf('secret_key'), signature: new Uint8Array(31) };
    const foreign = { ...sampleOf('secret_key'), alg: 'RS256' };
    expect(await search({ samples: [torn, foreign, sampleOf(SECRET)] })).toEqual([]);
  });

  test('each key id has its own secret, and every secret its own finding', async () => {
    const samples = [
      sampleOf('line-one-Xq', { kid: 'a', sub: '1' }),
      sampleOf('line-two-Xq', { kid: 'b', sub: '2' }),
      sampleOf('line-one-Xq', { kid: 'a', sub: '3' }),
      sampleOf(SECRET, { kid: 'c', sub: '4' }),
    ];
    const list = tempFile('words.txt', 'line-two-Xq\nline-one-Xq\n');
    const found = await search({ samples, wordlists: [list] });
    expect(found.map(({ rank, tokens }) => [rank, tokens.map(({ kid, id }) => [kid, id])])).toEqual(
      [
        [1, [['b', 'token-of-2']]],
        [
          2,
          [
            ['a', 'token-of-1'],
            ['a', 'token-of-3'],
          ],
        ],
      ],
    );
  });

  test('a list is read again for tokens that had no turn because another one stood for them', async () => {
    const samples = [
      sampleOf('line-two-Xq', { sub: '1' }),
      sampleOf('line-one-Xq', { sub: 'longer, so it comes second' }),
    ];
    const list = tempFile('words.txt', 'line-one-Xq\nline-two-Xq\n');
    const found = await search({ samples, wordlists: [list] });
    expect(found.map(({ rank }) => rank)).toEqual([2, 1]);
  });
});

describe('word lists', () => {
  test('lines are numbered right across all pieces, endless ones are passed over', async () => {
    const noise = `${'x'.repeat(99)}\n`.repeat(25_000);
    const endless = 'y'.repeat(3_000_000);
    const list = tempFile('words.txt', `${noise}${endless}\n${noise}${OTHER}\nz\n${endless}`);
    const keys = ringOf(keyOf(OTHER));
    const [found] = await search({ keys, samples: [sampleOf(OTHER)], wordlists: [list] });
    expect(found).toMatchObject({ rank: 50_002, tokens: [{ id: 'token-of-ada' }] });
  });

  test('a line of 4,096 bytes is the longest that is tried, also where a piece ends in it', async () => {
    const fill = `${'x'.repeat(1021)}\n`.repeat(1025);
    for (const [length, rank] of [
      [4096, 1026],
      [4097, null],
    ] as const) {
      const long = 'Zq'.repeat(2048).padEnd(length, '!').slice(0, length);
      const list = tempFile('words.txt', `${fill}${long}\r\nend`);
      const found = await search({ samples: [sampleOf(long)], wordlists: [list] });
      expect(found[0]?.rank ?? null).toBe(rank);
    }
  });

  test('a pipe is read once', async () => {
    const pipe = join(tempFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { spawn } = await import('node:child_process');
    spawn('sh', ['-c', `printf 'line-one-Xq\\nline-two-Xq\\n' > "${pipe}"`], { stdio: 'ignore' });
    const samples = [
      sampleOf('line-two-Xq', { sub: '1' }),
      sampleOf('line-one-Xq', { sub: '222' }),
    ];
    expect(await search({ samples, wordlists: [pipe] })).toMatchObject([{ rank: 2 }]);
  });

  test('one that is missing is refused before anything is tried, in one sentence', async () => {
    const list = tempFile('words.txt', 'secret\n');
    const told: SearchProgress[] = [];
    const gone = search({
      samples: [sampleOf(OTHER)],
      wordlists: [list, '/nowhere/list.txt'],
      onProgress: (progress) => told.push(progress),
    });
    await expect(gone).rejects.toMatchObject({
      code: 'USAGE',
      message: 'cannot read the word list /nowhere/list.txt: no such file or directory',
    });
    expect(told).toEqual([]);
    await expect(search({ wordlists: [tempFolder()] })).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('progress tells of bytes, and nothing that is found holds the secret', async () => {
    const content = `${'nothing\n'.repeat(300_000)}${OTHER}\n`;
    const list = tempFile('words.txt', content);
    const told: SearchProgress[] = [];
    const found = await search({
      keys: ringOf(keyOf(OTHER)),
      samples: [sampleOf(OTHER)],
      wordlists: [list],
      onProgress: (progress) => told.push(progress),
    });
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toEqual({ list, bytes: content.length, size: content.length });
    expect(found).toHaveLength(1);
    expect(JSON.stringify([found, told])).not.toContain(OTHER);
  });

  const WALLARM = `${ROOT}../shared/vectors/wallarm-jwt-secrets/jwt.secrets.list`;
  test.skipIf(!existsSync(WALLARM))('a real list: its own lines are found in it', async () => {
    const { readFileSync } = await import('node:fs');
    const lines = readFileSync(WALLARM, 'latin1').split('\n');
    for (const rank of [1000, 54_321, 103_900]) {
      const secret = Buffer.from(lines[rank - 1]!.replace(/\r$/, ''), 'latin1');
      const first = lines.findIndex(
        (line) => line.replace(/\r$/, '') === secret.toString('latin1'),
      );
      const samples = [sampleOf(secret, { alg: 'HS384' })];
      const [found] = await search({ samples, wordlists: [WALLARM] });
      if (found!.why.includes('manuals')) continue;
      expect(found!.rank).toBeLessThanOrEqual(first + 1);
      expect(found!.length).toBe(secret.length);
    }
  });
});
