// The binary format of WebAssembly: sections behind eight bytes, each with an id and its size (LEB128).
const FIRST_SECTION = 8;
const MEMORY_SECTION = 5;
/** Flags of a memory's limits that has a most size: its own, or one that threads may share. */
const OWN = 1;
const SHARED = 3;

/**
 * The same module with memory of the kind that threads may share. V8 counts no such memory as its own, and so does not
 * look for garbage as soon as there is much of it; nor does it give it back soon.
 */
export const withSharedMemory = (module: Uint8Array): Uint8Array => {
  const bytes = Uint8Array.from(module);
  for (let at = FIRST_SECTION; at < bytes.length;) {
    const id = bytes[at++]!;
    let size = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
      byte = bytes[at++]!;
      size += (byte & 0x7f) * 2 ** shift;
    }
    if (id === MEMORY_SECTION && bytes[at + 1] === OWN) {
      bytes[at + 1] = SHARED;
      return bytes;
    }
    at += size;
  }
  throw new RangeError('a module without memory of a most size');
};
