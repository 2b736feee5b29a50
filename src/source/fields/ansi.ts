/** The bytes from `start` to `end` without terminal escape sequences (ECMA-48 CSI), as a copy. */
export const withoutEscapes = (bytes: Uint8Array, start: number, end: number): Uint8Array => {
  const plain = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte !== 0x1b) {
      plain[length] = byte;
      length += 1;
      continue;
    }
    if (at + 1 >= end || bytes[at + 1] !== 0x5b) continue;
    at += 2;
    while (at < end && bytes[at]! >= 0x20 && bytes[at]! <= 0x3f) at += 1;
  }
  return plain.subarray(0, length);
};
