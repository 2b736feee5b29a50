import type { TokenFacts } from '../../event/facts.ts';
import { isForged } from '../forgery.ts';
import { higher, rankOf, type Level } from '../level.ts';
import { Recent } from '../recent.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { isAccepted, isTokenUse, isVerified, type TokenUse, type Use } from '../use.ts';
import { DistinctWindow, KeyedState } from '../window.ts';

const MOST_PAIRS = 1 << 12;

/** What tokens that belong together have in common, and what must differ between them. */
interface Kinship {
  readonly what: string;
  readonly nameOf: (token: TokenFacts) => string | null;
  readonly issuerOf: (token: TokenFacts) => string;
  readonly valueOf: (token: TokenFacts) => string;
  readonly find: (recent: Recent, name: string) => TokenUse | null;
}

const SIGNATURE: Kinship = {
  what: 'different tokens have one signature',
  nameOf: ({ signatureId }) => signatureId,
  // A changed token may name another issuer.
  issuerOf: () => '',
  valueOf: ({ id }) => id,
  find: (recent, name) => recent.ofSignature(name),
};

const NUMBER: Kinship = {
  what: 'tokens of one iss and jti claim different things',
  nameOf: ({ jti }) => jti,
  issuerOf: ({ iss }) => iss ?? '',
  // Not the id: a copy whose signature was cut claims the same.
  valueOf: ({ user, email, roles, scopes, aud, iat, nbf, exp }) =>
    JSON.stringify([user, email, roles, scopes, aud, iat, nbf, exp]),
  find: (recent, name) => recent.ofJti(name),
};

/** Tokens of one name, of which one at least is changed. */
interface Pair {
  readonly all: DistinctWindow;
  readonly changed: DistinctWindow;
  isNew: boolean;
  isTold: boolean;
  level: Level;
  /** Who changed it last. */
  by: string;
}

interface Found {
  readonly pair: Pair;
  readonly uses: readonly Use[];
  readonly what: string;
}

interface Limits {
  readonly tokens: number;
  readonly changed: number;
  readonly span: number;
}

/** Finds the tokens that changed ones were made of, whichever comes first. */
class Kin {
  readonly #kinship: Kinship;
  readonly #span: number;
  readonly #recent: Recent;
  readonly #pairs: KeyedState<Pair>;
  #lastChange = Number.NaN;

  constructor(kinship: Kinship, recent: Recent, limits: Limits, bounded: () => void) {
    const { tokens, changed, span } = limits;
    this.#kinship = kinship;
    this.#recent = recent;
    this.#span = span * 1000;
    const newPair = (): Pair => ({
      all: new DistinctWindow(this.#span, tokens),
      changed: new DistinctWindow(this.#span, changed),
      isNew: true,
      isTold: false,
      level: 'low',
      by: '',
    });
    this.#pairs = new KeyedState(this.#span, MOST_PAIRS, newPair, bounded);
  }

  good(use: TokenUse): Found | null {
    // Mostly nothing was changed lately: then no name is looked for.
    if (!(use.time - this.#lastChange < this.#span)) return null;
    const name = this.#kinship.nameOf(use.token);
    const pair = name === null ? undefined : this.#pairs.peek(this.#keyOf(name, use), use.time);
    const uses = pair?.all.add(this.#kinship.valueOf(use.token), use) ?? null;
    return pair === undefined || pair.isTold ? null : this.#found(pair, uses);
  }

  bad(use: TokenUse): Found | null {
    const name = this.#kinship.nameOf(use.token);
    if (name === null) return null;
    this.#lastChange = use.time;
    const pair = this.#pairs.at(this.#keyOf(name, use), use.time);
    if (pair.isNew) this.#addOriginal(pair, name, use);
    pair.isNew = false;
    pair.by = use.ip ?? use.token.user;
    const value = this.#kinship.valueOf(use.token);
    const isMany = pair.changed.add(value, use) !== null;
    const level = isAccepted(use) ? 'critical' : isMany ? 'high' : 'low';
    pair.level = higher(pair.level, level);
    return this.#found(pair, pair.all.add(value, use));
  }

  #addOriginal(pair: Pair, name: string, use: TokenUse): void {
    const { issuerOf, valueOf, find } = this.#kinship;
    const original = find(this.#recent, name);
    if (original === null || issuerOf(original.token) !== issuerOf(use.token)) return;
    pair.all.add(valueOf(original.token), original);
  }

  #keyOf(name: string, { token }: TokenUse): string {
    return `${name}\0${this.#kinship.issuerOf(token)}`;
  }

  #found(pair: Pair, uses: readonly Use[] | null): Found | null {
    if (uses === null) return null;
    pair.isTold = true;
    return { pair, uses, what: this.#kinship.what };
  }
}

const changed = (members: ExampleEvent): ExampleEvent => ({
  verdict: 'bad_signature',
  token_id: 'changed',
  signature_id: 'the signature',
  status: 401,
  ...members,
});
const genuine: ExampleEvent = { signature_id: 'the signature' };
/** Signed anew, so that only the number is the same. */
const renewed = (members: ExampleEvent): ExampleEvent =>
  changed({ signature_id: 'another', iss: 'us', jti: '7', roles: ['admin'], ...members });
const numbered: ExampleEvent = { iss: 'us', jti: '7' };

export const tamperPair: Rule = defineRule({
  id: 'AL006',
  name: 'tamper-pair',
  title: 'Token that was changed, and kept its signature or its number',
  level: 'high',
  attack: ['T1606'],
  condition:
    'Different tokens have one signature, or different claims under one iss and jti, and one of them does not verify. Low while only one is changed and it was refused, high from a second one on, critical where a changed one was answered with 2xx.',
  meaning:
    'Somebody took a token, changed what it says, and sent it. The evidence shows both: what differs is what they wanted.',
  action:
    'Compare the claims of the tokens. After a 2xx mend the check of signatures first, then treat all that the address did as done by an intruder.',
  falsePositives: [
    'One token that was damaged on its way and still can be read: it stays low.',
    'An issuer that gives one jti to several tokens, of which some were damaged.',
  ],
  thresholds: {
    tokens: { value: 2, unit: 'count', means: 'different tokens with one signature, or one jti' },
    changed: { value: 2, unit: 'count', means: 'changed ones among them that are no accident' },
    span: { value: 86_400, unit: 'seconds', means: 'the time in which they come' },
  },
  sigma: { none: 'of several events one must have another verdict than the others' },
  verdicts: [
    'valid',
    'expired',
    'not_yet_valid',
    'wrong_issuer',
    'wrong_audience',
    'bad_signature',
  ],
  start: ({ thresholds, report, bounded }) => {
    const recent = new Recent();
    const signatures = new Kin(SIGNATURE, recent, thresholds, bounded);
    const numbers = new Kin(NUMBER, recent, thresholds, bounded);

    const tell = (found: Found | null): void => {
      if (found === null) return;
      const { pair, uses, what } = found;
      const { level, by } = pair;
      const why = `${what}, and at least one of them does not verify`;
      report({ subject: level === 'low' ? 'one copy' : by, level, uses, count: 1, why });
    };

    return {
      see: (use) => {
        if (!isTokenUse(use) || Number.isNaN(use.time)) return;
        if (isVerified(use)) {
          recent.add(use);
          tell(signatures.good(use));
          tell(numbers.good(use));
        } else if (isForged(use)) {
          tell(worse(signatures.bad(use), numbers.bad(use)));
        }
      },
    };
  },
  hits: [
    { says: 'changed once and refused', events: [genuine, changed({})], level: 'low', count: 1 },
    {
      says: 'the genuine one comes later, and again',
      events: [changed({}), genuine, genuine],
      level: 'low',
      count: 1,
    },
    {
      says: 'changed twice',
      events: [genuine, changed({ at: 1 }), changed({ at: 2, token_id: 'changed again' })],
      level: 'high',
      count: 2,
    },
    {
      says: 'changed twice, the genuine one unseen',
      events: [changed({ at: 1 }), changed({ at: 2, token_id: 'changed again' })],
      level: 'high',
      count: 1,
    },
    {
      says: 'changed twice, too far apart to be more than accidents',
      events: [changed({}), genuine, changed({ at: 86_400, token_id: 'changed again' })],
      level: 'low',
    },
    {
      says: 'the same changed one again',
      events: [genuine, changed({}), changed({ at: 1 })],
      level: 'low',
    },
    { says: 'accepted', events: [genuine, changed({ status: 200 })], level: 'critical' },
    { says: 'at the last moment', events: [genuine, changed({ at: 86_399 })], level: 'low' },
    {
      says: 'at the last moment after the changed one',
      events: [changed({}), { ...genuine, at: 86_399 }],
      level: 'low',
    },
    { says: 'one jti, other claims', events: [numbered, renewed({})], level: 'low', count: 1 },
    {
      says: 'one jti without issuer, other claims',
      events: [{ jti: '7' }, renewed({ iss: null })],
      level: 'low',
    },
    {
      says: 'one jti, the genuine one later',
      events: [renewed({}), numbered],
      level: 'low',
      count: 1,
    },
    {
      says: 'both the same',
      events: [{ ...numbered, ...genuine }, renewed({ signature_id: 'the signature' })],
      level: 'low',
      count: 1,
    },
    {
      says: 'a signature kept once, a jti several times',
      events: [
        { ...numbered, ...genuine },
        renewed({ signature_id: 'x' }),
        renewed({ signature_id: 'the signature', user_id: 'other', token_id: 'changed again' }),
      ],
      level: 'high',
    },
  ],
  misses: [
    { says: 'a forged token alone', events: [{}, changed({})] },
    { says: 'the same token twice', events: [changed({}), changed({ at: 1 })] },
    { says: 'when the span is over', events: [genuine, changed({ at: 86_400 })] },
    {
      says: 'when the span after the changed one is over',
      events: [changed({}), { ...genuine, at: 86_400 }],
    },
    {
      says: 'a copy whose signature was cut',
      events: [numbered, renewed({ roles: [], reason: 'signature_length' })],
    },
    { says: 'one jti of two issuers', events: [numbered, renewed({ iss: 'them' })] },
    { says: 'all verify', events: [genuine, { ...genuine, token_id: 'b' }] },
    {
      says: 'no signature',
      events: [genuine, changed({ reason: 'signature_empty' })],
    },
    { says: 'no time', events: [genuine, changed({ at: null })] },
  ],
});

/** The one that matters more. */
const worse = (a: Found | null, b: Found | null): Found | null =>
  a === null || (b !== null && rankOf(b.pair.level) > rankOf(a.pair.level)) ? b : a;
