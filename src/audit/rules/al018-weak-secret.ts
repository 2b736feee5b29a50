import { factsOf, type KnownToken } from '../../event/facts.ts';
import type { TokenPlace, WeakSecret } from '../../weak/weak-secret.ts';
import { defineRule, type Rule } from '../rule.ts';
import { UNKNOWN_USE, type Use } from '../use.ts';

const weakKey = (why: string): WeakSecret => ({
  key: 'secret',
  why,
  rank: 2,
  length: 10,
  tokens: [],
});

const tokenAt = (line: number): TokenPlace => ({
  id: `token-${line}`,
  alg: 'HS256',
  kid: null,
  file: 'example.log',
  line,
  offset: line * 400,
  time: Date.UTC(2026, 10, 2, 12),
});

export const weakSecret: Rule = defineRule({
  id: 'AL018',
  name: 'weak-secret',
  title: 'Secret that can be guessed',
  level: 'critical',
  attack: ['T1110.002'],
  condition:
    'A configured secret is in a word list, shorter than its hash (RFC 7518 section 3.2) or repeats itself, or a word of a list verifies tokens of this log.',
  meaning:
    'Whoever has one token can try secrets on it offline, millions a second, and then sign tokens as anyone. Nothing shows while it is done.',
  action:
    'Make a new secret (authlog issue --generate-key), replace the old one everywhere, and treat all tokens signed with it as unproven.',
  falsePositives: [
    'Tokens of a test system in the same log.',
    'A key of random bytes that is a little shorter than its hash: weaker than the standard demands, not guessable.',
  ],
  thresholds: {},
  sigma: { none: 'Whether a secret can be guessed is no field of an event.' },
  // It looks at secrets, not at uses.
  verdicts: [],
  start: ({ context, report }) => ({
    see: () => undefined,
    end: () => {
      for (const weak of context.weakSecrets) {
        const uses = weak.tokens.map(useOf);
        const count = Math.max(1, uses.length);
        report({ subject: subjectOf(weak), level: 'critical', uses, count, why: whyOf(weak) });
      }
    },
  }),
  hits: [
    {
      says: 'a configured secret out of a tutorial',
      events: [{}],
      context: {
        weakSecrets: [weakKey('is number 2 of the secrets that manuals and tutorials show')],
      },
      level: 'critical',
      count: 1,
    },
    {
      says: 'a secret shorter than its hash, and two tokens that it verifies',
      events: [{}],
      context: {
        weakSecrets: [
          {
            ...weakKey('is 10 bytes long; HS256 needs at least 32 (RFC 7518 section 3.2)'),
            tokens: [tokenAt(1), tokenAt(2)],
          },
        ],
      },
      level: 'critical',
      count: 2,
    },
    {
      says: 'tokens that a word of a list verifies, without any key at hand',
      events: [{ verdict: 'unverified', key: null }],
      context: {
        weakSecrets: [
          {
            key: null,
            why: 'is line 812 of words.txt',
            rank: 812,
            length: 8,
            tokens: [tokenAt(1)],
          },
        ],
      },
      level: 'critical',
      count: 1,
    },
  ],
  misses: [
    { says: 'nothing found out about any secret', events: [{}, { verdict: 'bad_signature' }] },
  ],
});

/** Of the secret's place only: nothing by which a guess at the secret could be tested. */
const subjectOf = ({ key, why, tokens }: WeakSecret): string =>
  key === null ? `tokens ${JSON.stringify(kidsOf(tokens))} ${why}` : `key ${key}`;

const whyOf = (weak: WeakSecret): string => {
  const { key, why, rank, length, tokens } = weak;
  const size = rank === null || why.includes('bytes long') ? '' : `; it has ${length} bytes`;
  if (key !== null) return `the secret of key ${key} ${why}${size}`;
  const kids = kidsOf(tokens).map((kid) => kid ?? 'none');
  const signed = tokens.length === 1 ? 'a token was' : `${tokens.length} sampled tokens were`;
  return `${signed} signed (key id ${kids.join(', ')}) with a secret that ${why}${size}`;
};

const kidsOf = (tokens: readonly TokenPlace[]): readonly (string | null)[] => [
  ...new Set(tokens.map(({ kid }) => kid)),
];

/** The place of a token as a use: whose it is and what came of it is told by other events. */
const useOf = ({ id, alg, kid, file, line, offset, time }: TokenPlace): Use => ({
  ...UNKNOWN_USE,
  time,
  verdict: 'unverified',
  token: { ...factsOf(id, NOTHING_KNOWN, {}), alg, kid },
  file,
  line,
  offset,
});

const NOTHING_KNOWN: KnownToken = { header: null, claims: null, key: null };
