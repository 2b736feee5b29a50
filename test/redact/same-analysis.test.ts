import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createRandom } from '../oracle/random.ts';
import { ROOT, runCli, summaryOf } from '../support/cli.ts';
import { NOW } from '../support/tokens.ts';
import { LINES, SPELLINGS } from './disguises.ts';
import { leakIn, usableIn } from './leaks.ts';
import { redacted } from './redacting.ts';
import { sampleOf } from './tokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'authlog-redact-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOGS = readdirSync(`${ROOT}fixtures/logs`).filter((name) => /\.(?:log|jsonl)$/.test(name));

const written = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

interface Event {
  readonly time: string | null;
  readonly line: number;
  readonly verdict: string;
  readonly token_id: string;
  readonly user_id: string | number | null;
  readonly alg: string | null;
  readonly exp: number | null;
}

/** What `events` tells of a log without its keys. */
const eventsOf = async (path: string): Promise<readonly Event[]> => {
  const { stdout } = await runCli(['events', path, '--no-verify', '--now', NOW, '-q']);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
};

const place = ({ time, line, token_id }: Event): object => ({ time, line, token_id });

const countsOf = async (path: string): Promise<object> => {
  const { totals, inputs } = await summaryOf([path, '--no-verify', '--now', NOW]);
  const { lines, lines_with_token, lines_without_token, tokens, distinct_tokens } = totals;
  return {
    lines,
    lines_with_token,
    lines_without_token,
    tokens,
    distinct_tokens,
    inputs: inputs.map((input) => input.lines),
  };
};

/** Users of tokens by what these claim; each verdict is one of a token that nobody checked. */
const claimedOf = async (path: string): Promise<object> => {
  const { unverified_users: users, users: checked } = await summaryOf([
    path,
    '--no-verify',
    '--now',
    NOW,
    '--top',
    '0',
  ]);
  const all = [...users, ...checked].map(
    ({ user_id, tokens }) => [String(user_id), tokens] as const,
  );
  return Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

describe('a redacted log gives the same analysis', () => {
  test.each(LOGS)('%s', async (name) => {
    const original = `${ROOT}fixtures/logs/${name}`;
    const path = join(folder, name);
    expect((await runCli(['redact', original, '-o', path])).code).toBe(0);
    expect(await countsOf(path)).toEqual(await countsOf(original));
    expect(await claimedOf(path)).toEqual(await claimedOf(original));
    const before = await eventsOf(original);
    const after = await eventsOf(path);
    expect(before.length).toBeGreaterThan(5);
    expect(after.map(place)).toEqual(before.map(place));
    for (const [i, { verdict, user_id, alg, exp }] of after.entries()) {
      const was = before[i]!;
      expect(['masked', 'encrypted', 'malformed', 'oversized']).toContain(verdict);
      if (verdict !== 'masked') expect(was.verdict).toBe(verdict);
      else if (was.verdict !== 'malformed') {
        expect({ user_id, alg, exp }).toEqual({ user_id: was.user_id, alg: was.alg, exp: was.exp });
      }
    }
    const text = readFileSync(path, 'utf8');
    const signatures = [
      ...readFileSync(original, 'utf8').matchAll(/[\w-]+\.[\w-]*\.([\w-]{16,})/g),
    ];
    expect(
      leakIn(
        text,
        signatures.map(([, signature]) => signature!),
      ),
    ).toBeNull();
    expect(usableIn(text)).toBeNull();
  });

  test('lines of every kind count as before, and each token keeps its id', async () => {
    const random = createRandom(11);
    const lines = Array.from({ length: 5000 }, (_, i) => {
      const word = random.pick(SPELLINGS).write(sampleOf(random).token, random);
      const text = random.pick(LINES).write(word, random).replaceAll('\n', ' ');
      return `2023-09-22 10:00:${String(i % 60).padStart(2, '0')} ${text}\n`;
    });
    const text = Buffer.from(lines.join(''), 'latin1');
    const original = written('all.log', text);
    const path = written('all.redacted.log', await redacted(text));
    const before = (await eventsOf(original)).filter(({ verdict }) => SOUND.has(verdict));
    const sound = new Set(before.map(({ line }) => line));
    const after = (await eventsOf(path)).filter(({ line }) => sound.has(line));
    expect(sound.size).toBeGreaterThan(400);
    expect(new Set(after.map(({ verdict }) => verdict))).toEqual(new Set(['masked']));
    expect(after.map(place)).toEqual(before.map(place));
    expect((await summaryOf([path, '--no-verify'])).totals.lines).toBe(lines.length);
  });
});

/** Verdicts of tokens that are in order as far as can be told without a key. */
const SOUND = new Set(['unverified', 'alg_none', 'masked']);

describe('however it is read', () => {
  const log = readFileSync(`${ROOT}fixtures/logs/mixed.log`);

  test('blocks and chunks of any size give the same bytes', async () => {
    const random = createRandom(3);
    const lines = Array.from({ length: 300 }, () =>
      random
        .pick(LINES)
        .write(random.pick(SPELLINGS).write(sampleOf(random).token, random), random),
    );
    const text = Buffer.concat([log, Buffer.from(lines.join('\n'), 'latin1')]);
    for (const maxLine of [1 << 20, 400, 90, 7]) {
      const expected = await redacted(text, { maxLine });
      for (const blockSize of [1, 7, 64, 1000, 4096, 1 << 20]) {
        const found = await redacted(text, { maxLine, blockSize }, [1 + random.below(5000), 3]);
        expect(found.equals(expected), `${maxLine} ${blockSize}`).toBe(true);
      }
    }
  });

  test('a file, standard input and gzip give the same bytes', async () => {
    const path = `${ROOT}fixtures/logs/mixed.log`;
    const { stdout: file } = await runCli(['redact', path]);
    const { stdout: stdin } = await runCli(['redact'], { stdin: log });
    const { stdout: gzip } = await runCli(['redact', written('mixed.log.gz', gzipSync(log))]);
    expect(file.length).toBeGreaterThan(1000);
    expect(stdin).toBe(file);
    expect(gzip).toBe(file);
  });

  test('to redact once more changes nothing', async () => {
    for (const options of [{}, { replace: 'token' } as const, { dropClaims: 'all' } as const]) {
      const once = await redacted(log, options);
      expect((await redacted(once, options)).equals(once)).toBe(true);
    }
  });
});
