// Peer: the least that a program for Node does under public keys: it cuts the tokens out of the log and has node:crypto
// verify them, on all cores, whoever has time the next hundred. No JSON, no clock, no users.
// Usage: verify.mjs FILE KEY-FILE [REGEX]. Prints one JSON line of counts.
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const TOGETHER = 100;

const [file, keyFile, pattern = 'Token: (\\S+)'] = process.argv.slice(2);
const next = isMainThread ? new Int32Array(new SharedArrayBuffer(4)) : workerData;
const workers = isMainThread
  ? Array.from({ length: availableParallelism() - 1 }, () => {
      const worker = new Worker(new URL(import.meta.url), {
        workerData: next,
        argv: process.argv.slice(2),
      });
      return new Promise((resolve) => {
        worker.once('message', resolve);
      });
    })
  : [];

const key = createPublicKey(readFileSync(keyFile));
const tokens = Array.from(
  readFileSync(file, 'latin1').matchAll(new RegExp(pattern, 'g')),
  ([, token]) => token,
);

const isSigned = (token) => {
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  return verify('sha256', Buffer.from(token.slice(0, end), 'latin1'), key, signature);
};

let verified = 0;
for (;;) {
  const from = Atomics.add(next, 0, TOGETHER);
  if (from >= tokens.length) break;
  for (const token of tokens.slice(from, from + TOGETHER)) if (isSigned(token)) verified++;
}

if (isMainThread) {
  for (const more of await Promise.all(workers)) verified += more;
  console.log(JSON.stringify({ tokens: tokens.length, verified }));
} else parentPort.postMessage(verified, []);
