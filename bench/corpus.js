// Seeded logs for the benchmark, written once to bench/.work/: the same bytes on every machine
// (but for rs256, whose key each machine makes for itself).
import { createHash, createHmac, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { createRandom } from '../scripts/random.js';

const WORK = join(import.meta.dirname, '.work');
const SECRET_FILE = join(WORK, 'secret');
const SECRET = '0f3mQZ7cTtSg5h4x2sYvJb8KpLw9NdRa6UeVqXyCiGo1BzHjMkPuWlErAnDsFtIO';
const USERS = 10_000;
const START = Date.UTC(2023, 8, 20) / 1000;
const YEAR_2099 = Date.UTC(2099, 0, 1) / 1000;
const FLUSH_BYTES = 1 << 20;

// A changed generator never meets a log of an older one.
const EDITION = createHash('sha256')
  .update(readFileSync(import.meta.filename))
  .digest('hex')
  .slice(0, 8);

const LABEL = 'Token: (\\S+)';
const BEARER = 'Bearer ([^\\s"]+)';

const fiftieth = (n) => Math.ceil(n / 50);

/**
 * What to measure. `distinct` is how many of n tokens differ; `pattern` is how a peer that
 * extracts with a regular expression finds a token in this shape of line.
 */
export const KINDS = {
  distinct: { distinct: (n) => n, shape: 'article', pattern: LABEL },
  repeated: { distinct: fiftieth, shape: 'article', pattern: LABEL },
  long: { times: 10, distinct: fiftieth, shape: 'article', pattern: LABEL },
  jsonl: { distinct: (n) => n, shape: 'jsonl', pattern: BEARER },
  access: { distinct: (n) => n, shape: 'access', pattern: BEARER },
  gzip: { distinct: (n) => n, shape: 'article', pattern: LABEL, gzip: true },
  rs256: { distinct: fiftieth, shape: 'article', pattern: LABEL, rsa: true },
};

const base64url = (text) => Buffer.from(text, 'latin1').toString('base64url');

const hmacSigner = () => {
  const head = base64url('{"alg":"HS256","typ":"JWT"}');
  return (payload) => {
    const input = `${head}.${base64url(payload)}`;
    return `${input}.${createHmac('sha256', SECRET).update(input).digest('base64url')}`;
  };
};

const rsaSigner = (pem) => {
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

const rsaKey = () => {
  const privateFile = join(WORK, 'rsa.private.pem');
  const publicFile = join(WORK, 'rsa.public.pem');
  if (!existsSync(publicFile)) {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(privateFile, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), {
      mode: 0o600,
    });
    writeFileSync(publicFile, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  }
  return { publicFile, pem: readFileSync(privateFile, 'utf8') };
};

/** Writes the log, returns how many of its tokens share each fate. */
const writeLog = (file, count, distinct, shape, makeToken) => {
  const random = createRandom(20230922);
  const repeats = distinct < count ? [] : null;
  if (repeats) {
    for (let index = 0; index < distinct; index++) repeats.push(tokenAt(index, random, makeToken));
  }
  const counts = { tokens: count, accepted: 0, expired: 0, bad_signature: 0 };
  const fd = openSync(file, 'w');
  let pending = '';
  for (let index = 0; index < count; index++) {
    const one = repeats ? repeats[random(distinct)] : tokenAt(index, random, makeToken);
    counts[one.fate]++;
    pending += shape(index, one);
    if (pending.length > FLUSH_BYTES) {
      writeSync(fd, pending, null, 'latin1');
      pending = '';
    }
  }
  writeSync(fd, pending, null, 'latin1');
  closeSync(fd);
  return counts;
};

const compress = async (file, packed) => {
  await pipeline(
    createReadStream(file),
    createGzip({ level: 6 }),
    createWriteStream(`${packed}.part`),
  );
  renameSync(`${packed}.part`, packed);
};

/**
 * The log of a kind with `tokens` tokens (the kind may ask for a multiple), made on first use.
 * Resolves to its file, the key file that verifies it, the counts that are true of it, and what
 * the peers need to know.
 */
export const corpus = async (kind, tokens) => {
  const { times = 1, distinct, shape, pattern, gzip = false, rsa = false } = KINDS[kind];
  mkdirSync(WORK, { recursive: true });
  writeFileSync(SECRET_FILE, `${SECRET}\n`, { mode: 0o600 });
  const count = tokens * times;
  const key = rsa ? rsaKey() : null;
  const plain = join(WORK, `${gzip ? 'distinct' : kind}-${count}-${EDITION}.log`);
  const countsFile = `${plain}.json`;
  if (!existsSync(countsFile)) {
    const makeToken = rsa ? rsaSigner(key.pem) : hmacSigner();
    const counts = writeLog(plain, count, distinct(count), SHAPES[shape], makeToken);
    writeFileSync(countsFile, JSON.stringify(counts));
  }
  const packed = `${plain}.gz`;
  if (gzip && !existsSync(packed)) await compress(plain, packed);
  return {
    kind,
    file: gzip ? packed : plain,
    gzip,
    rsa,
    keyFile: key?.publicFile ?? SECRET_FILE,
    pattern,
    tokens: count,
    distinct: distinct(count),
    counts: JSON.parse(readFileSync(countsFile, 'utf8')),
  };
};
