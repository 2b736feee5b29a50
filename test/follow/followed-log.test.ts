import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { planOf } from '../../src/analyze.ts';
import { BlockDecoder } from '../../src/audit/block-decoder.ts';
import type { Use } from '../../src/audit/use.ts';
import { unpackFacts } from '../../src/event/packed-facts.ts';
import { FollowedLog } from '../../src/follow/followed-log.ts';
import type { Taker } from '../../src/follow/growing.ts';
import { configOf } from '../../src/ingest/config.ts';
import { nodeDisk, type Disk } from '../../src/ingest/disk.ts';
import { matchFiles } from '../../src/ingest/match.ts';
import type { PassOptions } from '../../src/ingest/pass.ts';
import { ringOf } from '../guard/making.ts';
import { tempFolder } from '../support/folder.ts';
import { claims, mint, NOW_S } from '../support/tokens.ts';

const tokens = Array.from({ length: 40 }, (_, n) => mint(claims({ sub: `user-${n}` })));
const line = (n: number): string => `- Token: ${tokens[n % tokens.length]}\n`;

interface Following {
  readonly log: FollowedLog;
  readonly path: string;
  readonly uses: Use[];
  /** How often judges started over. */
  readonly starts: () => number;
  /** Tokens that judges told of as new, in all. */
  readonly fresh: () => number;
}

const followed = async (more: Partial<PassOptions> = {}): Promise<Following> => {
  const path = join(tempFolder(), 'app.log');
  writeFileSync(path, '');
  const read = { inputs: [], stdin: Readable.from([]), ring: ringOf(), now: NOW_S * 1000 };
  const { judge, maxLine } = planOf({ ...read, clock: 'now' }, 'audit');
  const decoder = new BlockDecoder(null, null);
  const uses: Use[] = [];
  let starts = 0;
  let fresh = 0;
  const options: PassOptions = {
    disk: nodeDisk,
    judge,
    now: () => judge.policy.now,
    keepsJudges: true,
    config: configOf(judge, maxLine, false, false),
    recordedOnly: false,
    threads: 1,
    blockSize: 1000,
    maxLine,
    match: matchFiles,
    onProgress: null,
    shouldStop: () => false,
    ...more,
  };
  const taker: Taker = {
    startOver: () => {
      starts++;
      decoder.startOver(0);
    },
    take: ({ judged, origin }, place) => {
      fresh += unpackFacts(judged.audit!.newTokens, (user) => user).length;
      uses.push(...decoder.uses(judged, origin, place));
    },
    flush: () => Promise.resolve(),
  };
  const log = await FollowedLog.open(
    path,
    options,
    taker,
    (name) => name,
    () => true,
  );
  onTestFinished(() => log.close());
  return { log, path, uses, starts: () => starts, fresh: () => fresh };
};

test('what is known of a token is kept from one look to the next', async () => {
  const { log, path, uses, starts, fresh } = await followed();
  for (let round = 0; round < 5; round++) {
    for (let n = 0; n < 80; n++) appendFileSync(path, line(n));
    await log.turn();
  }
  expect(uses).toHaveLength(400);
  expect(uses.map(({ token }) => token?.userId)).toEqual(uses.map((_, n) => `user-${n % 40}`));
  // A token is remembered at its second sight; two whose first sights are noted in one place, in 1 of 85 runs, never.
  expect(fresh()).toBeLessThan(160);
  expect(starts()).toBe(1);
});

test('judges that are not kept start over at each look', async () => {
  const { log, path, uses, starts } = await followed({ keepsJudges: false });
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 80; n++) appendFileSync(path, line(n));
    await log.turn();
  }
  expect(uses).toHaveLength(240);
  expect(starts()).toBe(3);
});

test('tokens are judged by the clock of the look, not of the start', async () => {
  let now = NOW_S * 1000;
  const { log, path, uses } = await followed({ now: () => now });
  appendFileSync(path, line(0));
  await log.turn();
  now += 7200_000;
  appendFileSync(path, line(0));
  await log.turn();
  expect(uses.map(({ verdict }) => verdict)).toEqual(['valid', 'expired']);
});

/** A disk on which the file changes under the reader's eyes at the look number `at`. */
const changingAt = (at: number): Disk => {
  let looks = 0;
  return {
    list: (folder) => nodeDisk.list(folder),
    open: async (path) => {
      const file = await nodeDisk.open(path);
      const identity = file.identity.bind(file);
      file.identity = async () => {
        const found = await identity();
        looks++;
        return looks === at ? { ...found, ino: `${found.ino}0` } : found;
      };
      return file;
    },
  };
};

test('a look that is given up on, at whatever point, confuses no token with another', async () => {
  let restarted = 0;
  for (let at = 1; at <= 30; at++) {
    const { log, path, uses, starts } = await followed({ disk: changingAt(at) });
    for (let round = 0; round < 4; round++) {
      for (let n = 0; n < 10 * (round + 1); n++) appendFileSync(path, line(n));
      await log.turn();
    }
    const expected = [10, 20, 30, 40].flatMap((count) =>
      Array.from({ length: count }, (_, n) => `user-${n}`),
    );
    // A file that seemed another one for a moment is read again from its start.
    const seen = uses.slice(-expected.length).map(({ token }) => token?.userId);
    expect(seen).toEqual(expected);
    expect(uses.every(({ verdict }) => verdict === 'valid')).toBe(true);
    restarted += starts() - 1;
  }
  expect(restarted).toBeGreaterThan(5);
});
