export { analyze, type AnalyzeOptions, type ReadOptions } from './analyze.ts';
export { AuthlogError, type ErrorCode } from './errors.ts';
export { nodeKeyIo, type KeyIo } from './keys/io.ts';
export type { KeyRing, VerificationKey } from './keys/key.ts';
export { loadKeyRing, type KeyOptions } from './keys/ring.ts';
export type { Incomplete, Input } from './source/input.ts';
export { resolveInputs, type InputHost } from './source/inputs.ts';
export type {
  ExpiryBucket,
  ExpiryDate,
  Notice,
  Summary,
  Totals,
  UnverifiedUser,
  UserSummary,
} from './summarize/summary.ts';
export { VERDICTS, type Verdict } from './verify/verdict.ts';
