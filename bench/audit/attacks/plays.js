// Every attack of the rules, played into a story.
import * as accounts from './accounts.js';
import { Cast } from './cast.js';
import * as forged from './forged.js';
import * as issuing from './issuing.js';
import * as log from './log.js';
import * as stolen from './stolen.js';

const PLAYS = [
  forged.algNone,
  forged.forgedSignature,
  forged.forgeryThenSuccess,
  forged.algConfusion,
  forged.headerInjection,
  forged.tamperPair,
  forged.privilegedForgery,
  forged.guessing,
  stolen.expiredUse,
  stolen.staleExpired,
  stolen.revokedUse,
  stolen.tokenShared,
  stolen.singleUseReplay,
  stolen.enumeration,
  accounts.roleEscalation,
  accounts.impossibleTravel,
  accounts.credentialStuffing,
  accounts.issueBurst,
  accounts.firstSeenAdmin,
  accounts.dormantActive,
  issuing.weakSecret,
  issuing.foreignIssuer,
  issuing.excessiveLifetime,
  issuing.oddTime,
  issuing.unissuedToken,
  log.tokensAtRest,
  log.recorderOff,
  log.backwards,
  // The last: they take away what the others have written.
  log.logGap,
  log.chainBreak,
];

/**
 * Plays all attacks. A plant is `{ rule, level, subject, lines, need, context, also, isShared }`: the lines that prove it
 * and how many of them a finding must show, what it may show beside, rules that may report the same lines, and
 * whether other lines may be in the same finding.
 */
export const playAttacks = (story, people) => {
  const cast = new Cast(story, people);
  for (const play of PLAYS) {
    play(story, cast, (one) =>
      story.plants.push({ need: null, context: [], also: [], isShared: false, ...one }),
    );
  }
};
