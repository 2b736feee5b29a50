import { createServedGuard, type GuardOptions, type ServedGuard } from '../../src/guard/guard.ts';
import type { GuardRequest } from '../../src/guard/decide.ts';
import type { KeyRing } from '../../src/keys/key.ts';
import type { EventLog, RecordedEvent } from '../../src/record/event-log.ts';
import { NOW_S, SECRET } from '../support/tokens.ts';

/** The ring of one shared secret. */
export const ringOf = (secret: string = SECRET): KeyRing => ({
  keys: [
    {
      id: 'secret',
      kid: null,
      kty: 'oct',
      algs: ['HS256', 'HS384', 'HS512'],
      secret: Buffer.from(secret),
      jwk: null,
      notBefore: null,
      notAfter: null,
    },
  ],
  notices: [],
});

/** A log that keeps its events, or refuses them while `isBroken`. */
export class MemoryLog implements EventLog {
  readonly events: RecordedEvent[] = [];
  isBroken = false;

  append(event: RecordedEvent): Promise<void> {
    if (this.isBroken) return Promise.reject(new Error('no space'));
    this.events.push(event);
    return Promise.resolve();
  }

  reopen(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A guard whose present is that of the tests' tokens. */
export const guardOf = (options: Partial<GuardOptions> = {}): ServedGuard =>
  createServedGuard({ ring: ringOf(), log: null, now: () => NOW_S * 1000, ...options });

/** A request with one bearer token, or none. */
export const requestOf = (
  token: string | null,
  more: Partial<GuardRequest> = {},
): GuardRequest => ({
  authorization: token === null ? [] : [`Bearer ${token}`],
  method: 'GET',
  path: '/',
  ip: null,
  userAgent: null,
  requestId: null,
  ...more,
});
