import { codeOf } from '../source/system-error.ts';
import { layoutOf, markAt, MARK_SIZE } from './content.ts';
import type { Disk } from './disk.ts';
import { isUnchanged, type Look } from './look.ts';
import { Changed } from './pieces.ts';

/**
 * Throws Changed unless the current file still holds what it held when it was looked at, and
 * nothing was rotated since. A copy that was begun before would lack some of what was read since; one
 * that is begun later has all.
 */
export const requireSame = async (disk: Disk, path: string, look: Look): Promise<void> => {
  if (!(await isUnchanged(disk, path, look))) throw new Changed();
  const { hashes, length, sealed } = look.sights.at(-1)!;
  const file = await disk.open(path).catch((error: unknown) => {
    throw codeOf(error) === 'ENOENT' ? new Changed() : error;
  });
  try {
    const layout = await layoutOf(file);
    if (sealed !== (layout === 'compressed')) throw new Changed();
    if (typeof layout !== 'object') return;
    for (const at of [Math.min(MARK_SIZE, length), length]) {
      const found = await markAt(file, layout.bom, at);
      if (found === null || found !== hashes.get(at)) throw new Changed();
    }
  } finally {
    await file.close();
  }
};
