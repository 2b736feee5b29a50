import { createRequire } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, test, vi } from 'vitest';
import type { searchWeakSecrets } from '../../src/weak/search.ts';
import { ROOT } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { compiledKernel } from '../support/kernel.ts';
import { keyOf, ringOf, sampleOf } from './samples.ts';

interface Bundle {
  readonly searchWeakSecrets: typeof searchWeakSecrets;
}

/** The search and its thread as they lie in dist. */
const bundled = async (): Promise<Bundle> => {
  const folder = tempFolder();
  const src = `${ROOT}src/weak`;
  const build = await rolldown({
    input: { 'weak/search': `${src}/search.ts`, 'weak/worker': `${src}/worker.ts` },
    platform: 'node',
    external: /^[^./]/,
  });
  const names = { entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name].cjs' };
  await build.write({ dir: folder, format: 'cjs', ...names });
  await build.close();
  return createRequire(import.meta.url)(join(folder, 'weak/search.cjs')) as Bundle;
};

test('any number of threads finds the same: of equal lines the first, whoever meets which', async () => {
  const search = (await bundled()).searchWeakSecrets;
  const fill = 'unlisted word\n'.repeat(70_000);
  const found = ['Zq-one', 'Zq-two', 'Zq-three', 'Zq-key'].map((word) => `${word}\n`);
  const [one, two, three, key] = found;
  const list = tempFile(
    'words.txt',
    [fill, one, fill, fill, fill, three, fill, two, fill, three, key, one, fill, two, fill].join(
      '',
    ),
  );
  const samples = [
    sampleOf('Zq-one', { kid: 'a', sub: '1' }),
    sampleOf('Zq-two', { kid: 'b', sub: '2', alg: 'HS512' }),
    sampleOf('Zq-three', { kid: 'c', sub: '3' }),
    sampleOf('in no list at all', { kid: 'd', sub: '4' }),
  ];
  const keys = ringOf(keyOf('Zq-key'));
  const started = vi.spyOn(process, 'emit');
  const results = [];
  const kernel = compiledKernel();
  for (const how of [
    { threads: 1, kernel },
    { threads: 2, kernel },
    { threads: 3, kernel },
    { threads: 2, kernel: null },
  ]) {
    results.push(await search({ keys, samples, wordlists: [list], ...how }));
  }
  const workers = started.mock.calls.filter(([event]) => event === 'worker');
  expect(workers.length, 'threads were started').toBeGreaterThanOrEqual(4);
  started.mockRestore();
  expect(results[0]!.map(({ key: id, rank }) => [id, rank])).toEqual([
    ['secret', 420_005],
    [null, 70_001],
    [null, 280_002],
    [null, 350_003],
  ]);
  for (const result of results) expect(result).toEqual(results[0]);
}, 60_000);
