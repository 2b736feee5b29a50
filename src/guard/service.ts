import type { Server } from 'node:http';
import type { EventLog } from '../record/event-log.ts';
import { createChallenges } from './challenge.ts';
import { drain } from './drain.ts';
import { createServedGuard, type GuardOptions, type GuardSettings } from './guard.ts';
import { Health } from './health.ts';
import { listen, type Place } from './listen.ts';
import type { Metrics } from './metrics.ts';
import type { Peers } from './peers.ts';
import { createGuardServer } from './server.ts';

/** The guard as a running server. */
export interface Service {
  /** Where it listens. */
  readonly address: string;
  readonly metricsAddress: string | null;
  /** Takes what `load` gives; keeps the settings where that fails. Never rejects. */
  reload(load: () => Promise<GuardSettings>): Promise<void>;
  /** Answers what was asked, then closes the record. Rejects with OUTPUT where that fails. */
  stop(): Promise<void>;
}

export interface ServiceOptions extends Omit<GuardOptions, 'onRecordError' | 'now'> {
  readonly log: EventLog | null;
  readonly listen: Place;
  readonly metricsListen: Place | null;
  readonly peers: Peers;
  readonly envoyPrefix: string | null;
  readonly maxConnections: number;
  readonly version: string;
  /** Told what the person who runs this must know, in one sentence. */
  readonly onAlarm: (sentence: string, error: unknown) => void;
}

const DRAIN_MS = 10_000;
const ALARM_EVERY_MS = 10_000;

/** Starts to listen. Rejects with USAGE where that can't be. */
export const startService = async (options: ServiceOptions): Promise<Service> => {
  const { log, onAlarm, metricsListen } = options;
  const health = new Health();
  const metrics =
    metricsListen === null ? null : (await import('./metrics.ts')).createMetrics(options.version);
  const take = (settings: GuardSettings): void => {
    health.keys = settings.ring.keys.length;
    metrics?.settings(health.keys, settings.rules?.size ?? 0, settings.revocations?.size ?? 0);
  };
  const guard = createServedGuard({
    ...options,
    onRecordError: recordAlarm(health, metrics, onAlarm),
  });
  take(options);
  const server = createGuardServer({
    guard,
    peers: options.peers,
    isUnix: options.listen.path !== null,
    health,
    envoyPrefix: options.envoyPrefix,
    maxConnections: options.maxConnections,
    challenge: createChallenges(options.realm ?? 'authlog').invalidRequest,
    onDecision: metrics?.onDecision ?? null,
  });
  // First, for a guard that answers is taken to be whole.
  const metricsServer = metrics === null ? null : metrics.server();
  const metricsAddress =
    metricsServer === null ? null : await listen(metricsServer, metricsListen!, '--metrics');
  const address = await listenOrClose(server, options.listen, metricsServer);
  return {
    address,
    metricsAddress,
    reload: async (load) => {
      try {
        const settings = await load();
        guard.update(settings);
        take(settings);
        health.isStale = false;
      } catch (error) {
        health.isStale = true;
        metrics?.reloadFailed();
        onAlarm('reload failed, the settings before it stay in use', error);
      }
      // Whatever became of the settings: the log may have been rotated.
      await log?.reopen().catch((error: unknown) => onAlarm('cannot reopen the record', error));
    },
    stop: async () => {
      health.isDraining = true;
      await drain(server, DRAIN_MS);
      metricsServer?.close();
      metricsServer?.closeAllConnections();
      await log?.close();
    },
  };
};

const listenOrClose = async (
  server: Server,
  place: Place,
  other: Server | null,
): Promise<string> => {
  try {
    return await listen(server, place, '--listen');
  } catch (error) {
    other?.close();
    throw error;
  }
};

/** Says at most once in ten seconds that events can't be recorded. */
const recordAlarm = (
  health: Health,
  metrics: Metrics | null,
  onAlarm: ServiceOptions['onAlarm'],
): ((error: unknown) => void) => {
  let saidAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = Date.now();
    health.recordFailed(now);
    metrics?.recordFailed();
    if (now - saidAt < ALARM_EVERY_MS) return;
    saidAt = now;
    onAlarm('a decision could not be recorded', error);
  };
};
