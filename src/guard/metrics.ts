import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Decision } from './decide.ts';

/** What a guard counts. */
export interface Metrics {
  readonly onDecision: (decision: Decision, seconds: number) => void;
  readonly recordFailed: () => void;
  readonly reloadFailed: () => void;
  /** How many keys, rules and revocations are in use. */
  readonly settings: (keys: number, rules: number, revocations: number) => void;
  /** Serves `/metrics`; it does not listen yet. */
  readonly server: () => Server;
}

/** Reasons are fixed words; should a new one come from anywhere, it can't fill the memory. */
const WORD = /^[a-z][a-z0-9_]{0,40}$/;
const MOST_REASONS = 100;

export const createMetrics = (version: string): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  // The process: CPU, memory, event loop delay, collections of garbage.
  collectDefaultMetrics({ register: registry });
  const decisions = new Counter({
    name: 'authlog_guard_decisions_total',
    help: 'Decisions by status, verdict on the token and reason',
    labelNames: ['status', 'verdict', 'reason'],
    registers,
  });
  const duration = new Histogram({
    name: 'authlog_guard_decision_duration_seconds',
    help: 'From the request read to the answer, recording included',
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
    registers,
  });
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  const records = counter(
    'authlog_guard_record_failures_total',
    'Decisions that could not be recorded',
  );
  const reloads = counter('authlog_guard_reload_failures_total', 'Reloads that kept the settings');
  const keys = gauge('authlog_guard_keys', 'Keys that verify');
  const rules = gauge('authlog_guard_rules', 'Rules in use');
  const revoked = gauge('authlog_guard_revocations', 'Entries of the revocation list');
  new Gauge({
    name: 'authlog_build_info',
    help: 'Always 1; the labels say which program this is',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.version }, 1);
  const reasons = new Set<string>();
  return {
    onDecision: ({ status, event }, seconds) => {
      const reason = boundedReason(reasons, event.reason);
      decisions.inc({ status, verdict: event.verdict ?? 'none', reason });
      duration.observe(seconds);
    },
    recordFailed: () => records.inc(),
    reloadFailed: () => reloads.inc(),
    settings: (keyCount, ruleCount, revocationCount) => {
      keys.set(keyCount);
      rules.set(ruleCount);
      revoked.set(revocationCount);
    },
    server: () => metricsServer(registry),
  };
};

const boundedReason = (known: Set<string>, reason: string | null): string => {
  if (reason === null) return 'none';
  if (known.has(reason)) return reason;
  if (known.size >= MOST_REASONS || !WORD.test(reason)) return 'other';
  known.add(reason);
  return reason;
};

const metricsServer = (registry: Registry): Server => {
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 2_000 },
    (request, response) => {
      if (request.url !== '/metrics' || request.method !== 'GET') {
        response.writeHead(404).end();
        return;
      }
      registry.metrics().then(
        (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    },
  );
  server.maxConnections = 64;
  server.timeout = 20_000;
  return server;
};
