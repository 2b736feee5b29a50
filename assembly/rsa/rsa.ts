// What the host may call and where it finds things; see src/kernel/rsa.ts.
export {
  KEYS,
  KEY_DIGITS,
  KEY_INVERSE,
  KEY_MODULUS,
  KEY_PADDING,
  KEY_SIZE,
  KEY_STEP,
  KEY_WEIGHT,
  MOST_KEYS,
  SIGNED,
  SIGNED_SIZE,
} from './layout';
export { start } from './starts';
export { verifyTwo } from './verify';
