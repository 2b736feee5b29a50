export { analyze, type AnalyzeOptions, type ReadOptions } from './analyze.ts';
export { AuthlogError, type ErrorCode } from './errors.ts';
export type { AuthEvent } from './event/event.ts';
export type { Auth } from './guard/adapters/auth.ts';
export {
  guardFastify,
  type FastifyHook,
  type FastifyReply,
  type FastifyRequest,
  type HookOptions,
} from './guard/adapters/fastify.ts';
export {
  checkRequest,
  guardFetch,
  type Checked,
  type CheckOptions,
  type FetchOptions,
} from './guard/adapters/fetch.ts';
export {
  guardMiddleware,
  type Middleware,
  type MiddlewareOptions,
  type NodeRequest,
  type NodeResponse,
} from './guard/adapters/node.ts';
export {
  createGuard,
  type Decision,
  type Guard,
  type GuardOptions,
  type GuardRequest,
  type GuardSettings,
} from './guard/guard.ts';
export { parseRevocations } from './revocation/revocations-file.ts';
export type { Revocations } from './revocation/revocations.ts';
export { createRules, parseRules } from './guard/rules-file.ts';
export type { Rules } from './guard/rules.ts';
export type { ClaimOptions } from './issue/claims.ts';
export { issuedEvent } from './issue/event.ts';
export { loadSigningKey, type SigningKey, type SigningKeyOptions } from './issue/signing-key.ts';
export { issueToken, type IssuedToken, type IssueOptions } from './issue/token.ts';
export { nodeKeyIo, type KeyIo } from './keys/io.ts';
export type { KeyRing, VerificationKey } from './keys/key.ts';
export { loadKeyRing, type KeyOptions } from './keys/ring.ts';
export type { Access } from './record/access.ts';
export type { EventLog, FieldValue, RecordedEvent } from './record/event-log.ts';
export type { OpenLogOptions } from './record/open.ts';
export {
  createRecorder,
  type Recorder,
  type RecorderOptions,
  type RecordFormat,
} from './record/recorder.ts';
export type { Incomplete, Input } from './source/input.ts';
export { resolveInputs, type InputHost } from './source/inputs.ts';
export { openStoreLog, type StoreLogOptions } from './store/store-log.ts';
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
