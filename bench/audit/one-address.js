// Different tokens without end, all from one address within minutes: what fills the memory of a rule that keeps them.
import { createHmac } from 'node:crypto';
import { createKeys } from './keys.js';
import { AUDIENCE, ISSUER, SECOND, WEEK_START } from './story.js';

const SPAN = 600 * SECOND;
const FLUSH = 1 << 18;

const base64url = (text) => Buffer.from(text, 'latin1').toString('base64url');

/** Token number `n`: every second one has a signature that no key made. */
const tokenText = (n, header, secret, iat) => {
  const payload = base64url(
    `{"iss":"${ISSUER}","aud":"${AUDIENCE}","sub":"u${n % 9973}","iat":${iat},"exp":${iat + 3600},"jti":"o-${n}"}`,
  );
  const input = `${header}.${payload}`;
  const key = n % 2 === 0 ? secret : 'a guess';
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
};

/** Writes `count` lines to standard output, as fast as they are taken. */
export const writeOneAddress = async (count, seed) => {
  const secret = createKeys(seed).secrets.k1;
  const header = base64url('{"alg":"HS256","typ":"JWT","kid":"k1"}');
  let pending = '';
  for (let n = 0; n < count; n++) {
    const time = WEEK_START + Math.floor((n / count) * SPAN);
    const token = tokenText(n, header, secret, Math.floor(time / SECOND));
    pending += `{"time":"${new Date(time).toISOString()}","ip":"203.0.113.9","user_agent":"curl/8.16.0","method":"GET","path":"/api/orders","status":${n % 2 === 0 ? 200 : 401},"authorization":"Bearer ${token}"}\n`;
    if (pending.length < FLUSH) continue;
    if (!process.stdout.write(pending)) {
      await new Promise((resolve) => {
        process.stdout.once('drain', resolve);
      });
    }
    pending = '';
  }
  process.stdout.write(pending);
};
