import { isoTime } from '../../event/token.ts';
import { defineRule, type Example, type ExampleEvent, type Rule } from '../rule.ts';
import { isTokenUse, type TokenUse } from '../use.ts';

/** Tokens that are told apart, in all files together. */
const MOST_TOKENS = 100_000;
/** Others than the last, as evidence. */
const MOST_PROOF = 9;

/** Usable tokens of one file. */
interface Holding {
  readonly tokens: Set<string>;
  readonly users: Set<string>;
  proof: readonly TokenUse[];
  last: TokenUse;
  /** The latest exp, seconds; infinity where a token never ends. */
  until: number;
  isCut: boolean;
}

/** The bit of a file's mode that lets everybody read it. */
const OTHERS_READ = 0o004;

const START = Date.UTC(2026, 10, 2, 12);
const FILE = 'example.log';
/** Looked at after so many seconds; the tokens end after 3600. */
const looked = (second: number, mode: number | null = 0o600): Example['context'] & object => ({
  now: START + second * 1000,
  files: [{ path: FILE, mode }],
});
const others: readonly ExampleEvent[] = [
  {},
  { at: 1 },
  { at: 2, token_id: 'b', user_id: 'b' },
  { at: 3, token_id: 'c', user_id: 'b', exp: null },
];

export const tokensAtRest: Rule = defineRule({
  id: 'AL028',
  name: 'tokens-at-rest',
  title: 'The log holds usable tokens',
  level: 'medium',
  attack: ['T1552.001'],
  condition:
    'A file holds whole tokens that verify and do not end before now. High where its mode lets everybody on the machine read it.',
  meaning:
    'Whoever can read the file, a copy or a backup of it can act as these users until the tokens end.',
  action:
    'Mask what is there with authlog redact, make the file readable for its owner alone, stop the application from logging tokens, and revoke the ones in it.',
  falsePositives: [
    'A log that must hold them and is guarded as well as the keys are.',
    'Tokens that were revoked: this rule does not ask.',
  ],
  thresholds: {},
  sigma: { none: 'compares exp with the clock, and looks at the mode of the file' },
  verdicts: ['valid', 'expired', 'not_yet_valid', 'wrong_issuer', 'wrong_audience'],
  start: ({ context, report }) => {
    const now = context.now / 1000;
    const holdings = new Map<string | null, Holding>();
    let kept = 0;
    return {
      // What ended is of no use to a thief.
      concerns: ({ token: { exp } }) => !(exp <= now),
      see: (use) => {
        if (!isTokenUse(use)) return;
        const { id, user, exp } = use.token;
        let held = holdings.get(use.file);
        if (held === undefined) {
          held = {
            tokens: new Set(),
            users: new Set(),
            proof: [],
            last: use,
            until: 0,
            isCut: false,
          };
          holdings.set(use.file, held);
        }
        held.last = use;
        held.until = Math.max(held.until, Number.isNaN(exp) ? Number.POSITIVE_INFINITY : exp);
        if (held.isCut || held.tokens.has(id)) return;
        if (kept === MOST_TOKENS) {
          held.isCut = true;
          return;
        }
        kept++;
        held.tokens.add(id);
        held.users.add(user);
        held.proof = [...held.proof, use].slice(0, MOST_PROOF);
      },
      end: () => {
        // Only now is known which of the sources hold the tokens themselves.
        for (const { path, mode } of context.files) {
          const held = holdings.get(path);
          if (held === undefined) continue;
          const { tokens, users, proof, last, until, isCut } = held;
          const isOpen = ((mode ?? 0) & OTHERS_READ) !== 0;
          const count = Math.max(1, tokens.size);
          const number = isCut ? `at least ${count}` : `${count}`;
          const end = Number.isFinite(until)
            ? `the last of them until ${isoTime(until * 1000) ?? 'a far day'}`
            : 'some of them for ever';
          const who = isOpen ? '; everybody on its machine can read it' : '';
          report({
            subject: path,
            level: isOpen ? 'high' : 'medium',
            uses: [...proof, last],
            count,
            why: `the file holds usable tokens: ${number} of ${users.size} users, ${end}${who}`,
          });
        }
      },
    };
  },
  hits: [
    { says: 'a token', events: [{}], context: looked(3599), level: 'medium', count: 1 },
    {
      says: 'several, one of them without end',
      events: others,
      context: looked(3599),
      level: 'medium',
      count: 3,
    },
    {
      says: 'in a file that everybody reads',
      events: [{}],
      context: looked(0, 0o644),
      level: 'high',
    },
    {
      says: 'in a file that a group reads',
      events: [{}],
      context: looked(0, 0o640),
      level: 'medium',
    },
    { says: 'in a pipe', events: [{}], context: looked(0, null), level: 'medium' },
    {
      says: 'more than can be shown',
      events: Array.from({ length: 30 }, (_, i) => ({ token_id: `t${i}`, at: i })),
      context: looked(60),
      count: 30,
    },
    {
      says: 'used too early, or for another audience',
      events: [{ verdict: 'not_yet_valid' }, { token_id: 'b', verdict: 'wrong_audience' }],
      context: looked(0),
      count: 2,
    },
    {
      says: 'without a time',
      events: [{ at: null }],
      context: looked(0),
      level: 'medium',
    },
  ],
  misses: [
    { says: 'at the moment of its end', events: [{}], context: looked(3600) },
    {
      says: 'unusable tokens',
      events: [
        { verdict: 'masked' },
        { verdict: 'bad_signature' },
        { verdict: 'unverified' },
        { verdict: null },
      ],
      context: looked(0),
    },
    {
      says: 'events about tokens that are kept elsewhere',
      events: [{ file: 'events.jsonl' }],
      context: looked(0),
    },
  ],
});
