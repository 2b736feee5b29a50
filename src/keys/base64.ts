/**
 * Bytes of base64 or base64url text (RFC 4648 sections 4 and 5), padded or not.
 * Null for any other character, a wrong length or wrong padding: a lenient decoder would make up a key.
 */
export const decodeBase64 = (text: string): Uint8Array | null => {
  const bare = text.replace(/={1,2}$/, '');
  const padding = text.length - bare.length;
  if (!/^[A-Za-z0-9+/_-]*$/.test(bare) || bare.length % 4 === 1) return null;
  if (padding > 0 && text.length % 4 !== 0) return null;
  return Uint8Array.from(Buffer.from(bare, 'base64'));
};
