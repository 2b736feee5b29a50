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
