import type { KeyRing } from '../keys/key.ts';
import { DEFAULT_USER_CLAIMS, type Policy } from '../verify/policy.ts';
import { TokenVerifier } from '../verify/token-verifier.ts';
import type { RecordFormat } from './choices.ts';
import { bareToken, eventOfAccess, type Access } from './access.ts';
import { openEventLog, openTextLog, type OpenLogOptions } from './open.ts';
import type { EventLog, RecordedEvent } from './event-log.ts';

export type { RecordFormat };

export interface RecorderOptions extends OpenLogOptions {
  /** A path, or a log that is open already (a store's); the recorder closes it. */
  readonly to: string | EventLog;
  readonly format?: RecordFormat;
  /** Null, the default: no token is more than `unverified`. */
  readonly ring?: KeyRing | null;
  /** What a token must satisfy; tokens are judged at the time of their event. */
  readonly policy?: Partial<Policy>;
}

export interface Recorder {
  /** Resolves once the access is as safe as the durability promises; rejects with OUTPUT. */
  record(access: Access): Promise<void>;
  /** The same for an event that was judged elsewhere. */
  append(event: RecordedEvent): Promise<void>;
  /** Goes on in a new file where the old one was renamed away (SIGHUP). */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

const DEFAULT_POLICY: Omit<Policy, 'now'> = {
  clock: 'use',
  leeway: 0,
  issuers: null,
  audiences: null,
  userClaims: DEFAULT_USER_CLAIMS,
  allowPadding: false,
  maxToken: 65_536,
};

/** Opens a log and records accesses to it, each token judged and reduced to what it says. */
export const createRecorder = async (options: RecorderOptions): Promise<Recorder> =>
  options.format === 'text' && typeof options.to === 'string'
    ? textRecorder(options.to, options)
    : await eventRecorder(options);

const eventRecorder = async (options: RecorderOptions): Promise<Recorder> => {
  const policy: Policy = { ...DEFAULT_POLICY, now: Date.now(), ...options.policy };
  const verifier = new TokenVerifier(options.ring ?? null, policy);
  const { to } = options;
  const log = typeof to === 'string' ? await openEventLog(to, options) : to;
  return {
    record: (access) =>
      log.append(eventOfAccess(access, access.time ?? Date.now(), verifier, policy.leeway)),
    append: (event) => log.append(event),
    reopen: () => log.reopen(),
    close: () => log.close(),
  };
};

const textRecorder = (to: string, options: RecorderOptions): Recorder => {
  const log = openTextLog(to, options);
  return {
    record: ({ token, time = Date.now(), ...access }) =>
      log.append({ time, token: bareToken(token), event: textOf(access) }),
    append: ({ time, ...event }) =>
      log.append({
        time: time === null ? Date.now() : Date.parse(time),
        token: null,
        event: textOf(event),
      }),
    reopen: () => log.reopen(),
    close: () => log.close(),
  };
};

const textOf = ({ event, method, path, status }: Partial<Access>): string =>
  event ?? [method, path?.replace(/[?#].*$/s, ''), status].filter((part) => part != null).join(' ');
