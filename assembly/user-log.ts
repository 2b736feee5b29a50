// Whether a block has lines with the label `User Log: `: most have none, so none of their lines need be looked at.
import { block } from './records';
import { blockEnd } from './scan';

/** `User Log` and `: `. */
const LABEL: u64 = 0x676f4c2072657355;
const COLON: u16 = 0x203a;

export function holdsUserLog(): bool {
  const limit = blockEnd();
  for (let i = block; i < limit; i += 16) {
    // `L` and the `g` behind its neighbour: together they are rare.
    const l = i8x16.eq(v128.load(i, 5), i8x16.splat(0x4c));
    const g = i8x16.eq(v128.load(i, 7), i8x16.splat(0x67));
    let found = i8x16.bitmask(v128.and(l, g));
    for (; found != 0; found &= found - 1) {
      const at = i + ctz(found);
      if (load<u64>(at) == LABEL && load<u16>(at + 8) == COLON && at + 10 <= limit) return true;
    }
  }
  return false;
}
