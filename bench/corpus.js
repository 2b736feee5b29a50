// The logs of the benchmark, made once in bench/.work/.
import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { hmacSigner, linesOf, rsaSigner, SECRET } from './lines.js';
import { WORK } from './places.js';

const SECRET_FILE = join(WORK, 'secret');
const FLUSH_BYTES = 1 << 20;

// Lines of a changed generator never meet a log of an older one.
const EDITION = createHash('sha256')
  .update(readFileSync(join(import.meta.dirname, 'lines.js')))
  .digest('hex')
  .slice(0, 8);

const LABEL = 'Token: (\\S+)';
const BEARER = 'Bearer ([^\\s"]+)';

const fifth = (n) => Math.ceil(n / 5);
const fiftieth = (n) => Math.ceil(n / 50);

/**
 * The logs that --tokens n makes. `pattern` is how a program that extracts with a regular expression
 * finds a token in this shape of line. `tenth` is the first tenth of `long`, byte for byte.
 */
export const LOGS = {
  distinct: { shape: 'article' },
  repeated: { distinct: fiftieth, shape: 'article' },
  long: { lines: (n) => n * 10, distinct: (n) => fiftieth(n * 10), shape: 'article' },
  tenth: { distinct: (n) => fiftieth(n * 10), shape: 'article' },
  jsonl: { shape: 'jsonl', pattern: BEARER },
  access: { shape: 'access', pattern: BEARER },
  gzip: { shape: 'article', gzip: true },
  rs256: { lines: fiftieth, distinct: fiftieth, shape: 'article', rsa: true },
  rs256Long: { lines: fifth, distinct: fifth, shape: 'article', rsa: true },
};

/** What the log `name` is for --tokens `n`: as `linesOf` takes it. */
export const recipe = (name, n) => {
  const { lines, distinct, shape, pattern = LABEL, gzip = false, rsa = false } = LOGS[name];
  const tokens = lines?.(n) ?? n;
  return { shape, pattern, gzip, rsa, tokens, distinct: distinct?.(n) ?? tokens };
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
const writeLog = (file, log, makeToken) => {
  const counts = { tokens: log.tokens, accepted: 0, expired: 0, bad_signature: 0 };
  const fd = openSync(file, 'w');
  let pending = '';
  for (const { text, fate } of linesOf(log, makeToken)) {
    counts[fate]++;
    pending += text;
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

/** A gzip log and its plain twin share one plain file. */
const filesOf = ({ shape, rsa, tokens, distinct }) => {
  const plain = join(
    WORK,
    `${shape}${rsa ? '-rs256' : ''}-${tokens}-of-${distinct}-${EDITION}.log`,
  );
  return { plain, packed: `${plain}.gz`, countsFile: `${plain}.json` };
};

/** Bytes that making the log will write, about: none when it is there already. */
export const bytesToWrite = (name, n) => {
  const log = recipe(name, n);
  const { packed, countsFile } = filesOf(log);
  const [first] = linesOf({ ...log, tokens: 1, distinct: 1 }, hmacSigner());
  // An RS256 signature is 342 characters, one of HS256 43; the numbers in a line grow by some digits.
  const bytes = (first.text.length + (log.rsa ? 299 : 0) + 10) * log.tokens;
  return (existsSync(countsFile) ? 0 : bytes) + (log.gzip && !existsSync(packed) ? bytes : 0);
};

/**
 * The log `name` for --tokens `n`, made on first use. Resolves to its file, the key file that verifies
 * it, the counts that are true of it, and what the peers need to know.
 */
export const makeLog = async (name, n) => {
  const log = recipe(name, n);
  const { plain, packed, countsFile } = filesOf(log);
  mkdirSync(WORK, { recursive: true });
  writeFileSync(SECRET_FILE, `${SECRET}\n`, { mode: 0o600 });
  const key = log.rsa ? rsaKey() : null;
  if (!existsSync(countsFile)) {
    const counts = writeLog(plain, log, key ? rsaSigner(key.pem) : hmacSigner());
    writeFileSync(countsFile, JSON.stringify(counts));
  }
  if (log.gzip && !existsSync(packed)) await compress(plain, packed);
  const file = log.gzip ? packed : plain;
  return {
    name,
    file,
    keyFile: key?.publicFile ?? SECRET_FILE,
    ...log,
    bytes: statSync(file).size,
    counts: JSON.parse(readFileSync(countsFile, 'utf8')),
  };
};

const isLog = (name) => /\.log(\.json|\.gz(\.part)?)?$/.test(name);

/** The logs made so far, older editions too: name and bytes. */
export const keptLogs = () =>
  (existsSync(WORK) ? readdirSync(WORK) : [])
    .filter(isLog)
    .map((name) => ({ name, bytes: statSync(join(WORK, name)).size }));

export const removeLogs = () => {
  for (const { name } of keptLogs()) rmSync(join(WORK, name), { force: true });
};
