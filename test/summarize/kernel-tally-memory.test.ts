import { expect, test } from 'vitest';
import { instantiateTally } from '../../src/kernel/module.ts';
import { compiledKernel } from '../support/kernel.ts';

/** What Linux gives at once where it may (`transparent_hugepage/enabled` is `always`). */
const LARGE_PAGE = 2 << 20;
const FINGERPRINTS = 0;

const pagesInUse = (memory: ArrayBufferLike): number => {
  let pages = 0;
  for (let start = 0; start < memory.byteLength; start += LARGE_PAGE) {
    const size = Math.min(LARGE_PAGE, memory.byteLength - start);
    if (new BigUint64Array(memory, start, size / 8).some((word) => word !== 0n)) pages++;
  }
  return pages;
};

test('a tally of a million tokens lies in few large pages', () => {
  const exports = instantiateTally(compiledKernel())!;
  expect(exports.startTally(0, 1000, 1000)).toBe(1);
  exports.configureSet(FINGERPRINTS, 5000, 2 ** 32 - 1);
  const count = 100_000;
  const from = exports.TALLY_COLUMNS.value;
  for (let block = 0; block < 10; block++) {
    const fingerprints = new Uint32Array(exports.memory.buffer, from + count * 16, count * 2);
    for (let i = 0; i < count * 2; i++)
      fingerprints[i] = Math.imul(block * count * 2 + i + 1, 0x9e3779b1);
    // No verdict counts for a user: tokens are told apart, and that is all.
    new Uint8Array(exports.memory.buffer, exports.PLACES.value, 16).fill(255);
    new Uint32Array(exports.memory.buffer, from + count * 24, count).fill(0xffff_ffff);
    expect(exports.addTokens(0, count, 0, 0)).toBe(count);
  }
  exports.settleDistinct();
  expect(exports.sizeOf(FINGERPRINTS)).toBe(1_000_000);
  // The set has 8 MB; each of its 256 parts in a page of its own would be 512 MB.
  expect(pagesInUse(exports.memory.buffer) * LARGE_PAGE).toBeLessThan(60e6);
});
