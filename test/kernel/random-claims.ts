import type { Random } from '../oracle/random.ts';
import { NOW_S } from '../support/tokens.ts';

/** Some name the user, some are dates, some share their first and last eight characters and their length. */
const NAMES = [
  ['sub', 'user_id', 'uid', 'username', 'preferred_username', 'email', 'client_id', 'azp'],
  ['exp', 'nbf', 'iat', 'role', 'roles', 'iss', 'aud', 'jti', 'scope', 'x', '', 'tenant'],
  ['exq', 'Exp', 'subs', 'su', 'user_ie', 'email_verified', 'preferred_usernames'],
  ['__proto__', 'claims/one/of/two', 'claims/ono/of/two'],
  ['longest_name_of_all_that_a_claim_of_ours_has', 'prefers_username01', 'preferred_usernamf'],
  ['constructor', 'toString'],
].flat();

const USERS = [
  'ada',
  'bob',
  'carol@example.com',
  '12345',
  'auth0|5f7c',
  'x'.repeat(80),
  '0',
  'a b',
];

const PLAIN_VALUES = [
  ['"ada"', '"bob@example.com"', '12345', '0', '-0', '-7', 'true', 'false', 'null', '[]'],
  ['["admin"]', '["user","admin","user"]', '"admin"', '""', '[""]', '"{}"', '"[1,2]"'],
  ['"a,b:c"', '999999999999999', '-999999999999999', '"eyJhbGciOiJIUzI1NiJ9.e30.AA"'],
  ['"1695376800"'],
].flat();

const ODD_VALUES = [
  ['1.5', '1e3', '1E400', '-1e400', '1.0', '1695376800.5', '9007199254740992', '1e-5', '-0.0'],
  ['1000000000000000', '12345678901234567890', '01', '-01', '+1', '-', '.5', '5.', '0x10'],
  ['NaN', '{}', '{"x":1}', '[1]', '[null]', '["a",1]', '[["a"]]', '["a",]', '[,]', '[ ]'],
  ['["a" ]', '[]]', String.raw`"\u0061da"`, String.raw`"a\"b"`, String.raw`"a\\"`],
  [String.raw`"\ud800"`, '"é"', '"김철수"', '"\u0001"', '"a\tb"', '"\x7f"', '"\0"', '"', '"a'],
  ['tru', 'truex', 'nul', 'nulll', 'falsey', 'True', '', ' ', ' 1', '1 ', '"a" ', "'a'"],
  ['undefined', '"a""b"', '1,2', '"\u2028"'],
].flat();

const TIMES = [-90_000, -3600, -2, -1, 0, 1, 2, 60, 3600, 86_400, 2_592_000];
const FAR_TIMES = [0, 1, -1, 99_999_999_999, 100_000_000_000, 100_000_000_001, 1_695_380_400_000];
const FARTHEST = [99_999_999_999_999, 100_000_000_000_000, 999_999_999_999_999];

export const timeOf = ({ pick, once }: Random): number =>
  once(8) ? pick([...FAR_TIMES, ...FARTHEST]) : NOW_S + pick(TIMES);

/** A claims set as services write it: few members, a user, mostly an end. */
const usualClaims = (random: Random): string => {
  const { pick, once, below } = random;
  const members: string[] = [];
  const user = pick(['sub', 'user_id', 'uid', 'username', 'email']);
  members.push(`"${user}":${once(4) ? below(300) : `"${pick(USERS)}${below(40)}"`}`);
  if (once(2)) members.push(`"email":"u${below(50)}@example.com"`);
  if (once(2)) members.push(`"${pick(['role', 'roles'])}":${pick(['"admin"', '["b","a"]', '[]'])}`);
  if (!once(9)) members.push(`"exp":${timeOf(random)}`);
  if (once(4)) members.push(`"nbf":${timeOf(random)}`);
  if (once(4)) members.push(`"iat":${NOW_S - below(9)}`);
  if (once(3)) members.push(`"n":${below(1e9)}`);
  if (once(3)) members.reverse();
  return `{${members.join(',')}}`;
};

/** Members of every kind, most of them plain, in any number and order. */
const mixedClaims = (random: Random): string => {
  const { pick, once, below } = random;
  const count = once(12) ? 20 + below(10) : below(7);
  const oddness = pick([0, 0, 0, 12, 4]);
  const distinct = !once(6);
  const names = new Set<string>();
  const members: string[] = [];
  for (let i = 0; i < count; i++) {
    const name = i > 8 ? `member_${i}` : pick(NAMES);
    if (distinct && names.has(name)) continue;
    names.add(name);
    const isOdd = oddness > 0 && once(oddness);
    const isDate = ['exp', 'nbf', 'iat'].includes(name) && !once(8);
    const value =
      isDate && !isOdd ? String(timeOf(random)) : pick(isOdd ? ODD_VALUES : PLAIN_VALUES);
    const spelled = isOdd && once(3) ? pick([`${name}\\u0000`, `${name}é`, ` ${name}`]) : name;
    members.push(
      `"${spelled}"${isOdd && once(4) ? ' ' : ''}:${isOdd && once(4) ? ' ' : ''}${value}`,
    );
  }
  return `{${members.join(isOddJoin(random) ? ', ' : ',')}}`;
};

const isOddJoin = ({ once }: Random): boolean => once(20);

const WHOLE = [
  '{}',
  '[]',
  '',
  '{',
  '}',
  '{}}',
  '{{}}',
  '{"a"}',
  '{"a":}',
  '{:1}',
  '{,}',
  '"{}"',
  '0',
  'null',
];
const BYTES = [
  '\xff',
  '\x00',
  '\x7f',
  '\x80',
  '\xc3',
  '"',
  '\\',
  ',',
  ':',
  '}',
  '{',
  '[',
  ']',
  '0',
  '-',
  'e',
  ' ',
];

/** The bytes of a payload, as a Latin-1 string: what JSON.parse takes, and what it does not. */
export const randomPayload = (random: Random): string => {
  const { pick, once, below } = random;
  if (once(60)) return pick(WHOLE);
  const text = once(3) ? mixedClaims(random) : usualClaims(random);
  let payload = Buffer.from(text, 'utf8').toString('latin1');
  if (once(10)) {
    const pad = `,"pad":"${'p'.repeat(below(once(4) ? 4000 : 90))}"}`;
    payload = payload.length > 2 ? payload.slice(0, -1) + pad : payload;
  }
  if (once(10)) {
    const at = below(payload.length + 1);
    payload = payload.slice(0, at) + pick(['', ...BYTES]) + payload.slice(at + below(3));
  }
  return payload;
};
