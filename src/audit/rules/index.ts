import type { Rule } from '../rule.ts';
import { algNone } from './al001-alg-none.ts';
import { forgedSignature } from './al002-forged-signature.ts';
import { forgeryThenSuccess } from './al003-forgery-then-success.ts';
import { algConfusion } from './al004-alg-confusion.ts';
import { headerInjection } from './al005-header-injection.ts';
import { tamperPair } from './al006-tamper-pair.ts';
import { expiredUse } from './al007-expired-use.ts';
import { staleExpired } from './al008-stale-expired.ts';
import { revokedUse } from './al009-revoked-use.ts';
import { tokenShared } from './al010-token-shared.ts';
import { singleUseReplay } from './al011-single-use-replay.ts';
import { impossibleTravel } from './al012-impossible-travel.ts';
import { roleEscalation } from './al013-role-escalation.ts';
import { privilegedForgery } from './al014-privileged-forgery.ts';
import { tokenGuessing } from './al015-token-guessing.ts';
import { subjectSpray } from './al016-subject-spray.ts';
import { credentialStuffing } from './al017-credential-stuffing.ts';
import { weakSecret } from './al018-weak-secret.ts';
import { unknownKidBurst } from './al019-unknown-kid-burst.ts';
import { foreignIssuer } from './al020-foreign-issuer.ts';
import { excessiveLifetime } from './al021-excessive-lifetime.ts';
import { oddTime } from './al022-odd-time.ts';
import { unissuedToken } from './al023-unissued-token.ts';
import { issueBurst } from './al024-issue-burst.ts';
import { firstSeenAdmin } from './al025-first-seen-admin.ts';
import { dormantUser } from './al026-dormant-user.ts';
import { enumeration } from './al027-enumeration.ts';
import { tokensAtRest } from './al028-tokens-at-rest.ts';
import { logGap } from './al029-log-gap.ts';
import { recorderOff } from './al030-recorder-off.ts';

/** All rules, by id. */
export const RULES: readonly Rule[] = [
  algNone,
  forgedSignature,
  forgeryThenSuccess,
  algConfusion,
  headerInjection,
  tamperPair,
  expiredUse,
  staleExpired,
  revokedUse,
  tokenShared,
  singleUseReplay,
  impossibleTravel,
  roleEscalation,
  privilegedForgery,
  tokenGuessing,
  subjectSpray,
  credentialStuffing,
  weakSecret,
  unknownKidBurst,
  foreignIssuer,
  excessiveLifetime,
  oddTime,
  unissuedToken,
  issueBurst,
  firstSeenAdmin,
  dormantUser,
  enumeration,
  tokensAtRest,
  logGap,
  recorderOff,
];
