/**
 * 53 bits of a text, to tell equal ones again without keeping them; never negative. Not keyed: whoever makes two texts meet
 * makes two of their own requests look like one. The kernel makes the same of ASCII (assembly/fields.ts).
 */
export const hashOfText = (text: string): number => {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 15);
  }
  return (a >>> 0) * 0x200000 + (b >>> 11);
};

/** 32 bits of a text, all of them well mixed: FNV-1a, stirred as MurmurHash3 ends. */
export const shortHashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
};
