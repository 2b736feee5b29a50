import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { matchFiles, type Matcher } from '../../src/ingest/match.ts';
import type { Generation } from '../../src/ingest/state.ts';
import { live, PARTS, type Outcome, type Parts } from './simulator/history.ts';

const HISTORIES = 500;

const isBad = ({ lost, twice }: Outcome): boolean => lost.length + twice.length > 0;

test('500 random histories with rotations and crashes: no line is lost, none is stored twice', async () => {
  const bad: object[] = [];
  const sum = { lines: 0, runs: 0, crashes: 0 };
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const outcome = await live(seed);
    sum.lines += outcome.lines;
    sum.runs += outcome.runs;
    sum.crashes += outcome.crashes;
    if (isBad(outcome)) bad.push({ seed, ...outcome });
  }
  expect(bad).toEqual([]);
  // A generator that makes nothing would find nothing.
  expect(sum.lines).toBeGreaterThan(10_000);
  expect(sum.crashes).toBeGreaterThan(300);
});

/** A matcher that sees only some of the marks. */
const without =
  (change: (known: Generation) => Generation): Matcher =>
  (generations, sights) => {
    const originals = new Map(generations.map((known) => [known.id, known]));
    const { matches, gone } = matchFiles(generations.map(change), sights);
    return {
      matches: matches.map(({ sight, generation }) => ({
        sight,
        generation: generation === null ? null : originals.get(generation.id)!,
      })),
      gone: gone.map(({ id }) => originals.get(id)!),
    };
  };

const MUTANTS: Readonly<Record<string, Partial<Parts>>> = {
  'without the hash of the head': {
    match: without((known) => ({ ...known, marks: known.marks.slice(-1) })),
  },
  'without the hash before the offset': {
    match: without((known) => ({ ...known, marks: known.marks.slice(0, 1) })),
  },
  'that forgets which rotated files it knew': {
    match: (generations, sights) => matchFiles(generations.slice(-1), sights),
  },
  'that knows files by inode and size': {
    match: (generations, sights) => {
      const left = new Set(generations);
      const matches = sights.map((sight) => {
        const found = [...left].find(
          ({ file, offset }) => file.ino === sight.file.ino && offset <= sight.length,
        );
        if (found !== undefined) left.delete(found);
        return { sight, generation: found ?? null };
      });
      return { matches, gone: [...left] };
    },
  },
  'that takes a copy under way for a file of its own': {
    match: (generations, sights) =>
      matchFiles(
        generations.map((known) => ({ ...known, copied: null })),
        sights.map((sight) => ({ ...sight, isCopy: false })),
      ),
  },
  'that makes event ids of path and offset': {
    eventId: (_generation, { file, offset }) =>
      createHash('sha256').update(`${file}\0${offset}`).digest('base64url').slice(0, 22),
  },
};

describe('the same histories catch a program', () => {
  test.each(Object.entries(MUTANTS))('%s', async (_name, parts) => {
    let caught = 0;
    for (let seed = 1; seed <= HISTORIES && caught === 0; seed++) {
      if (isBad(await live(seed, { ...PARTS, ...parts }))) caught = seed;
    }
    expect(caught).toBeGreaterThan(0);
  });
});
