import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { themeFor, type ColorMode } from '../../src/cli/look.ts';
import type { Host } from '../../src/cli/host.ts';

type Environment = Readonly<Record<string, string>>;

const isColoured = async (
  env: Environment,
  isTTY: boolean,
  mode: ColorMode = 'auto',
): Promise<boolean> => {
  const stream = Object.assign(new Writable(), { isTTY, columns: 100 });
  const host = { env, stdout: stream } as unknown as Host;
  const { bad } = await themeFor(host, stream, mode);
  return bad('x') !== 'x';
};

/** What counts most first: what it sets, and whether there is colour then. */
const ORDER: readonly (readonly [string, Environment, boolean])[] = [
  ['NO_COLOR', { NO_COLOR: '1' }, false],
  ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
  ['FORCE_COLOR=1', { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR=3', { FORCE_COLOR: '3' }, true],
  ['CLICOLOR_FORCE', { CLICOLOR_FORCE: '1' }, true],
  ['TERM=dumb', { TERM: 'dumb' }, false],
  ['CLICOLOR=0', { CLICOLOR: '0' }, false],
];

const PAIRS = ORDER.flatMap(([name, env, color], index) =>
  ORDER.slice(index + 1)
    .filter(([, other]) => Object.keys(other).every((key) => !(key in env)))
    .map(([other, more]) => [name, other, { ...more, ...env }, color] as const),
);

describe('colour', () => {
  test.each(PAIRS)('%s beats %s', async (_name, _other, env, color) => {
    expect(await isColoured(env, true)).toBe(color);
    expect(await isColoured(env, false)).toBe(color);
  });

  test.each(ORDER)('--color beats %s, on a terminal and in a pipe', async (_name, env) => {
    for (const isTTY of [true, false]) {
      expect(await isColoured(env, isTTY, 'always')).toBe(true);
      expect(await isColoured(env, isTTY, 'never')).toBe(false);
    }
  });

  test('is for a terminal where nothing is said; an empty variable says nothing', async () => {
    const empty = { NO_COLOR: '', FORCE_COLOR: '', CLICOLOR_FORCE: '', CLICOLOR: '' };
    for (const env of [{}, empty, { CLICOLOR_FORCE: '0' }, { CLICOLOR: '1' }]) {
      expect(await isColoured(env, true)).toBe(true);
      expect(await isColoured(env, false)).toBe(false);
    }
  });
});
