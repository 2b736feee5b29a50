// What a decision costs by itself, without a server: microseconds, medians of five runs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGuard, loadKeyRing } from 'authlog';
import { median } from '../statistics.js';
import { forgedTokens, hmacTokens, rsaTokens } from './tokens.js';

const COUNT = 2000;

const request = (token) => ({
  authorization: [`Bearer ${token}`],
  method: 'GET',
  path: '/api/orders',
  ip: '203.0.113.9',
  userAgent: 'bench',
  requestId: null,
});

const halves = (tokens) => [tokens.slice(0, COUNT), tokens.slice(COUNT)];

/** Each run has tokens of its own: 400 of them, five times, after others that V8 compiles for. */
const cost = (guard, [warmUp, tokens]) => {
  for (const token of warmUp) guard.decide(request(token));
  const size = tokens.length / 5;
  const runs = [0, 1, 2, 3, 4].map((run) => {
    const requests = tokens.slice(run * size, (run + 1) * size).map(request);
    const started = process.hrtime.bigint();
    for (const one of requests) guard.decide(one);
    return Number(process.hrtime.bigint() - started) / 1000 / size;
  });
  return median(runs);
};

export const firstSight = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'authlog-bench-first-'));
  try {
    const hmac = hmacTokens(2 * COUNT);
    const rsa = rsaTokens(2 * COUNT);
    writeFileSync(join(folder, 'secret'), hmac.secret, { mode: 0o600 });
    writeFileSync(join(folder, 'key.pem'), rsa.pem);
    const secret = await loadKeyRing({ secretFiles: [join(folder, 'secret')] });
    const publicKey = await loadKeyRing({ keyFiles: [join(folder, 'key.pem')] });
    const byHmac = createGuard({ ring: secret, log: null });
    const byRsa = createGuard({ ring: publicKey, log: null });
    return {
      hs256: cost(byHmac, halves(hmac.tokens)),
      rs256: cost(byRsa, halves(rsa.tokens)),
      forged: cost(byRsa, halves(forgedTokens('RS256', 2 * COUNT))),
      known: cost(byHmac, halves(Array.from({ length: 2 * COUNT }, () => hmac.tokens[0]))),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
