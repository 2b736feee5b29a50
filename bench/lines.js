// Seeded lines for the logs of the benchmark: the same bytes on every machine (but for RS256, whose
// key each machine makes for itself).
import { createHmac, createPrivateKey, sign } from 'node:crypto';
import { createRandom } from '../scripts/random.js';

export const SECRET = '0f3mQZ7cTtSg5h4x2sYvJb8KpLw9NdRa6UeVqXyCiGo1BzHjMkPuWlErAnDsFtIO';
const USERS = 10_000;
const START = Date.UTC(2023, 8, 20) / 1000;
const YEAR_2099 = Date.UTC(2099, 0, 1) / 1000;

const base64url = (text) => Buffer.from(text, 'latin1').toString('base64url');

export const hmacSigner = () => {
  const head = base64url('{"alg":"HS256","typ":"JWT"}');
  return (payload) => {
    const input = `${head}.${base64url(payload)}`;
    return `${input}.${createHmac('sha256', SECRET).update(input).digest('base64url')}`;
  };
};

export const rsaSigner = (pem) => {
  const key = createPrivateKey(pem);
  const head = base64url('{"alg":"RS256","typ":"JWT"}');
  return (payload) => {
    const input = `${head}.${base64url(payload)}`;
    return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
  };
};

/** Another character at the start of the signature: still canonical base64url, never verifies. */
const forge = (token) => {
  const at = token.lastIndexOf('.') + 1;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
};

/**
 * Token number `index`: 94 % good until some day of 2099, 3 % over before they are used, 3 % forged.
 * So every peer accepts the same tokens, whether it judges them by today's clock or by the line's.
 */
const tokenAt = (index, random, makeToken) => {
  const user = 10_000 + random(USERS);
  const dice = random(100);
  const fate = dice < 3 ? 'expired' : dice >= 97 ? 'bad_signature' : 'accepted';
  const issued = START - 86_400 + (index % 80_000);
  const expires = fate === 'expired' ? issued + 600 : YEAR_2099 + random(365) * 86_400;
  const token = makeToken(
    `{"user_id":"${user}","email":"user${user}@example.com","iat":${issued},"exp":${expires},"jti":"${String(index).padStart(8, '0')}"}`,
  );
  return { user, fate, token: fate === 'bad_signature' ? forge(token) : token };
};

const PATHS = ['/api/orders', '/api/profile', '/api/cart', '/api/search', '/reports/daily'];
const pad = (n, width = 2) => String(n).padStart(width, '0');

const clock = (index) => {
  const ms = START * 1000 + index * 251;
  const iso = new Date(ms).toISOString();
  return { ms, iso, log: `${iso.slice(0, 10)} ${iso.slice(11, 19)},${iso.slice(20, 23)}` };
};

const SHAPES = {
  article: (index, { user, token }) => {
    const { log } = clock(index);
    return `${log} - Token: ${token}\n${log} - User Log: user ${user} signed in from 10.0.${index % 256}.${user % 256}\n`;
  },
  jsonl: (index, { user, token }) => {
    const { ms } = clock(index);
    return `{"level":30,"time":${ms},"pid":811,"hostname":"api-1","reqId":"r-${index}","req":{"method":"GET","url":"${PATHS[index % 5]}","headers":{"authorization":"Bearer ${token}"},"remoteAddress":"10.0.${index % 256}.${user % 256}"},"res":{"statusCode":200},"msg":"request completed"}\n`;
  },
  access: (index, { user, token }) => {
    const { iso } = clock(index);
    const stamp = `${iso.slice(8, 10)}/Sep/2023:${iso.slice(11, 19)} +0000`;
    return `10.0.${index % 256}.${user % 256} - - [${stamp}] "GET ${PATHS[index % 5]} HTTP/1.1" 200 ${pad(index % 997, 3)} "-" "curl/8.1.2" "Bearer ${token}"\n`;
  },
};

/**
 * `tokens` times the text that one token brings, and its fate; `distinct` of the tokens differ.
 * What comes first does not depend on how many follow.
 */
export const linesOf = function* ({ shape, tokens, distinct }, makeToken) {
  const random = createRandom(20230922);
  const write = SHAPES[shape];
  const draw = () => pool[random(distinct)];
  const make = (index) => tokenAt(index, random, makeToken);
  // Tokens that return are made before the first line; those that don't, one by one.
  const pool = Array.from({ length: distinct < tokens ? distinct : 0 }, (_, index) => make(index));
  const next = pool.length > 0 ? draw : make;
  for (let index = 0; index < tokens; index++) {
    const one = next(index);
    yield { text: write(index, one), fate: one.fate };
  }
};
