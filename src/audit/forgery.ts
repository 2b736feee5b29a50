import type { TokenUse } from './use.ts';

/** Reasons of `bad_signature` that are no forged signature: none at all, and one that our key did make. */
const NOT_FORGED: ReadonlySet<string | null> = new Set(['signature_empty', 'salt_length']);

/** The token asks to be believed without a signature (RFC 8725 section 2.1). */
export const isUnsigned = ({ verdict, reason }: TokenUse): boolean =>
  verdict === 'alg_none' || reason === 'signature_empty';

/** The signature is there, and no key of ours made it. */
export const isForged = ({ verdict, reason }: TokenUse): boolean =>
  verdict === 'bad_signature' && !NOT_FORGED.has(reason);

/** A public key was taken for a secret: `signed` with it, or only named an HMAC algorithm where keys are public. */
export const keyConfusionOf = ({ verdict, reason }: TokenUse): 'signed' | 'named' | null => {
  if (reason === 'public_key_as_secret') return 'signed';
  const isNamed = verdict === 'alg_not_allowed' && /^HS\d{3} with /.test(reason ?? '');
  return isNamed ? 'named' : null;
};
