// Peer: the first thing one would write in JavaScript: readline, and jose.jwtVerify awaited per line.
// Usage: naive.mjs FILE KEY-FILE [REGEX]. Prints one JSON line of counts.
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { errors, importSPKI, jwtVerify } from 'jose';

const [file, keyFile, pattern = 'Token: (\\S+)'] = process.argv.slice(2);
const keyText = readFileSync(keyFile, 'utf8');
const isPem = keyText.startsWith('-----BEGIN');
const key = isPem
  ? await importSPKI(keyText, 'RS256')
  : new TextEncoder().encode(keyText.replace(/\n$/, ''));
const algorithms = [isPem ? 'RS256' : 'HS256'];

const expression = new RegExp(pattern);
const users = new Map();
const counts = { tokens: 0, accepted: 0, expired: 0, bad_signature: 0, other: 0 };
for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
  const token = expression.exec(line)?.[1];
  if (token === undefined) continue;
  counts.tokens++;
  try {
    const { payload } = await jwtVerify(token, key, { algorithms });
    counts.accepted++;
    const user = users.get(payload.user_id) ?? { tokens: 0, latest: 0 };
    users.set(payload.user_id, {
      email: payload.email,
      tokens: user.tokens + 1,
      latest: Math.max(user.latest, payload.exp),
    });
  } catch (error) {
    if (error instanceof errors.JWTExpired) counts.expired++;
    else if (error instanceof errors.JWSSignatureVerificationFailed) counts.bad_signature++;
    else counts.other++;
  }
}
console.log(JSON.stringify({ ...counts, users: users.size }));
