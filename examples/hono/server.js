// Signs users in, protects what lies below /api by their tokens, records every attempt.
import { timingSafeEqual } from 'node:crypto';
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import {
  checkRequest,
  createGuard,
  createRecorder,
  issueToken,
  loadKeyRing,
  loadSigningKey,
  nodeKeyIo,
} from 'authlog';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';

const { APP_EMAIL, APP_PASSWORD, AUTHLOG_RECORD, AUTHLOG_SECRET_FILE, PORT } = process.env;
if (!APP_EMAIL || !APP_PASSWORD || !AUTHLOG_SECRET_FILE) {
  throw new Error('set APP_EMAIL, APP_PASSWORD and AUTHLOG_SECRET_FILE');
}

const io = nodeKeyIo(process.env, Date.now() / 1000);
const key = await loadSigningKey({ secretFile: AUTHLOG_SECRET_FILE }, io);
const ring = await loadKeyRing({ secretFiles: [AUTHLOG_SECRET_FILE] }, io);
const recorder = await createRecorder({ to: AUTHLOG_RECORD ?? 'auth.jsonl', ring });
// A token for another application of the same issuer is not one for this.
const audience = 'example-app';
const guard = createGuard({ ring, audiences: [audience], log: recorder });

const isEqual = (given, expected) => {
  const [one, other] = [Buffer.from(String(given)), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
};

// Your users are here, with hashed passwords.
const findUser = ({ email, password } = {}) =>
  email === APP_EMAIL && isEqual(password, APP_PASSWORD) ? { userId: 1, email } : null;

// What somebody called themselves who did not get in: for the record, whatever it is.
const nameOf = ({ email } = {}) => (typeof email === 'string' ? email.slice(0, 254) : null);

const app = new Hono();
const addressOf = (c) => getConnInfo(c).remote.address ?? null;

app.post('/sign-in', bodyLimit({ maxSize: 4096 }), async (c) => {
  const { method, path } = c.req;
  const access = { ip: addressOf(c), userAgent: c.req.header('user-agent'), method, path };
  const body = (await c.req.json().catch(() => null)) ?? {};
  const user = findUser(body);
  if (user === null) {
    const email = nameOf(body);
    await recorder.record({ ...access, event: 'login_failed', email, status: 401 });
    return c.json({ error: 'wrong e-mail or password' }, 401);
  }
  const { token } = await issueToken({ key, ...user, audience: [audience], expiresIn: 900 });
  // Recorded before it is handed out: a sign-in that nobody knows of does not happen.
  await recorder.record({ ...access, event: 'login_succeeded', token, status: 200 });
  return c.json({ token }, 200, { 'cache-control': 'no-store' });
});

app.use('/api/*', async (c, next) => {
  const { auth, response } = await checkRequest(guard, c.req.raw, { ip: addressOf(c) });
  if (response !== null) return response;
  c.set('auth', auth);
  return next();
});
app.get('/api/me', (c) => {
  const { userId, email } = c.get('auth');
  return c.json({ userId, email });
});

const options = { fetch: app.fetch, hostname: '127.0.0.1', port: Number(PORT ?? 3000) };
const server = serve(options, ({ port }) => {
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
});
process.on('SIGHUP', () => void recorder.reopen());
process.on('SIGTERM', () => server.close(() => void recorder.close()));
