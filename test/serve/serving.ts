import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { RULES } from '../../src/audit/rules/index.ts';
import { openHistory } from '../../src/cli/served-history.ts';
import { readMoment } from '../../src/cli/moment.ts';
import { parsePlace } from '../../src/guard/listen.ts';
import { createPeers, LOOPBACK } from '../../src/guard/peers.ts';
import { createRules } from '../../src/index.ts';
import type { RecordedEvent } from '../../src/record/event-log.ts';
import { createApp, type App } from '../../src/serve/app.ts';
import { createHosts } from '../../src/serve/hosts.ts';
import { startPageServer } from '../../src/serve/server.ts';
import { openStore } from '../../src/store/open.ts';
import { guardOf } from '../guard/making.ts';
import { batchOf } from '../store/contract.ts';
import { eventWith } from '../store/random-events.ts';
import { tempFolder } from '../support/folder.ts';
import { claims, mint, NOW, NOW_S } from '../support/tokens.ts';

/** A token of somebody who may look. */
export const VIEWER: string = mint(claims({ sub: 'viewer', role: 'auditor' }));
export const BEARER = { authorization: `Bearer ${VIEWER}` };

export const PLACE = 'http://127.0.0.1:8788';

export interface Served {
  readonly app: App;
  /** `duckdb:…` */
  readonly url: string;
  readonly faults: unknown[];
  readonly clock: { now: number };
  /** Asks as somebody who may look, unless other fields say otherwise. */
  readonly ask: (target: string, init?: RequestInit) => Promise<Response>;
  readonly add: (...events: readonly RecordedEvent[]) => Promise<void>;
}

let count = 0;

/** An event `seconds` before the present of the tests. */
export const eventAgo = (seconds: number, members: Partial<RecordedEvent> = {}): RecordedEvent =>
  eventWith(`test-${count++}`, {
    time: new Date((NOW_S - seconds) * 1000).toISOString(),
    exp: NOW_S + 3600,
    status: 200,
    ip: '203.0.113.7',
    ...members,
  });

/** The page over a new DuckDB store, as a handler of requests. */
export const serveEvents = async (
  events: readonly RecordedEvent[],
  {
    rules,
    publicUrls = [],
  }: { readonly rules?: object; readonly publicUrls?: readonly string[] } = {},
): Promise<Served> => {
  const url = `duckdb:${join(tempFolder(), 'history.duckdb')}`;
  const store = await openStore(url);
  await store.append(batchOf(...events));
  const clock = { now: NOW_S * 1000 };
  const host = { env: {}, cwd: tempFolder };
  const history = await openHistory(url, { zone: 'UTC', config: '-' }, host as never);
  const faults: unknown[] = [];
  const app = await createApp({
    history,
    guard: guardOf({
      now: () => clock.now,
      ...(rules !== undefined && { rules: createRules(rules) }),
    }),
    hosts: createHosts(parsePlace('127.0.0.1:8788', '--listen'), publicUrls),
    readMoment: (name, text, now) => readMoment(name, text, now, 'UTC'),
    now: () => Date.parse(NOW),
    texts: { tz: 'UTC', rules: RULES, version: '1.2.3' },
    pollMs: 100,
    onFault: (error) => void faults.push(error),
  });
  onTestFinished(async () => {
    app.live.stop();
    await history.close();
    await store.close();
  });
  return {
    app,
    url,
    faults,
    clock,
    ask: (target, init = {}) =>
      app.fetch(new Request(`${PLACE}${target}`, { headers: BEARER, ...init }), {
        address: '127.0.0.1',
        target,
      }),
    add: async (...more) => void (await store.append(batchOf(...more))),
  };
};

/** The same behind a port of the loopback; where it is. */
export const listening = async ({ app }: Served): Promise<string> => {
  const place = parsePlace('127.0.0.1:0', '--listen');
  const server = await startPageServer(app, place, createPeers(LOOPBACK));
  onTestFinished(() => server.stop());
  return `http://${server.address}`;
};

export const bodyOf = async (response: Response): Promise<Record<string, unknown>> =>
  (await response.json()) as Record<string, unknown>;
