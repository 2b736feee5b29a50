// Loads pages as browsers do, over connections that are kept: the document, its numbers, the first event.
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

const ask = (origin, path, headers, agent, isStream) =>
  new Promise((resolve, reject) => {
    const call = request(`${origin}${path}`, { agent, headers }, (response) => {
      let bytes = 0;
      const finish = () => resolve({ status: response.statusCode, bytes });
      response.on('data', (chunk) => {
        bytes += chunk.length;
        if (!isStream) return;
        // The browser would go on listening; here the next load begins.
        call.destroy();
        finish();
      });
      response.on('end', finish);
    });
    call.on('error', (error) => (isStream ? resolve({ status: 200, bytes: 0 }) : reject(error)));
    call.end();
  });

/** Pages a second by so many visitors, milliseconds of the 50th and 99th percentile, bytes of a page. */
export const loadPages = async (origin, path, token, { visitors, seconds }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: visitors });
  const streams = new Agent({ keepAlive: false });
  const fields = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' };
  const times = [];
  let bytes = 0;
  let refused = 0;
  const until = performance.now() + seconds * 1000;
  const visit = async () => {
    while (performance.now() < until) {
      const startedAt = performance.now();
      const answers = [
        await ask(origin, path, { ...fields, accept: 'text/html' }, agent, false),
        await ask(origin, '/api/events', fields, streams, true),
        await ask(origin, path, { ...fields, accept: 'application/json' }, agent, false),
      ];
      times.push(performance.now() - startedAt);
      bytes = answers.reduce((sum, answer) => sum + answer.bytes, 0);
      refused += answers.filter(({ status }) => status !== 200).length;
    }
  };
  await Promise.all(Array.from({ length: visitors }, visit));
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { rate: times.length / seconds, p50: at(0.5), p99: at(0.99), bytes, refused };
};
