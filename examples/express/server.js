// Signs users in, protects what lies below /api by their tokens, records every attempt.
import { timingSafeEqual } from 'node:crypto';
import {
  createGuard,
  createRecorder,
  guardMiddleware,
  issueToken,
  loadKeyRing,
  loadSigningKey,
  nodeKeyIo,
} from 'authlog';
import express from 'express';

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

const signIn = async (req, res) => {
  const access = { ip: req.ip, userAgent: req.get('user-agent'), method: 'POST', path: req.path };
  const user = findUser(req.body);
  if (user === null) {
    const email = nameOf(req.body);
    await recorder.record({ ...access, event: 'login_failed', email, status: 401 });
    res.status(401).json({ error: 'wrong e-mail or password' });
    return;
  }
  const { token } = await issueToken({ key, ...user, audience: [audience], expiresIn: 900 });
  // Recorded before it is handed out: a sign-in that nobody knows of does not happen.
  await recorder.record({ ...access, event: 'login_succeeded', token, status: 200 });
  res.set('cache-control', 'no-store').json({ token });
};

const app = express();
app.disable('x-powered-by');
app.post('/sign-in', express.json({ limit: '4kb' }), signIn);
app.use('/api', guardMiddleware(guard, { ip: (req) => req.ip }));
app.get('/api/me', (req, res) => {
  res.json({ userId: req.auth.userId, email: req.auth.email });
});

// Express' own handler would log the body of a request that is not JSON, passwords and all.
app.use((error, req, res, next) => {
  if (res.headersSent) return next(error);
  const status = error.status ?? 500;
  if (status >= 500) process.stderr.write(`${error.stack}\n`);
  return res.status(status).json({ error: status >= 500 ? 'internal error' : 'bad request' });
});

const server = app.listen(Number(PORT ?? 3000), '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}\n`);
});
process.on('SIGHUP', () => void recorder.reopen());
process.on('SIGTERM', () => server.close(() => void recorder.close()));
