import { createHash, randomBytes } from 'node:crypto';

interface Session {
  readonly token: string;
  readonly openedAt: number;
  usedAt: number;
}

const HOUR = 3_600_000;
const LONGEST = 12 * HOUR;
const LONGEST_IDLE = HOUR;
const MOST = 1000;
const BYTES = 32;
const ID = /^[\w-]{43}$/;

/**
 * Who has signed in, by a random id: in the memory of this process alone. The token behind it is
 * judged anew with every request, so a session ends when its token does.
 */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** A new session and its id, which only the browser has: kept is its hash. */
  open(token: string, now: number): string {
    const id = randomBytes(BYTES).toString('base64url');
    for (const [key, session] of this.#sessions) {
      if (isOver(session, now)) this.#sessions.delete(key);
    }
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= MOST) this.#sessions.delete(oldest!);
    this.#sessions.set(hashOf(id), { token, openedAt: now, usedAt: now });
    return id;
  }

  /** The token of a session; null where there is none, or it has ended. */
  tokenOf(id: string, now: number): string | null {
    if (!ID.test(id)) return null;
    const key = hashOf(id);
    const session = this.#sessions.get(key);
    if (session === undefined) return null;
    if (isOver(session, now)) {
      this.#sessions.delete(key);
      return null;
    }
    session.usedAt = now;
    return session.token;
  }

  close(id: string): void {
    this.#sessions.delete(hashOf(id));
  }
}

/** The time that a look-up takes then tells nothing about ids that exist. */
const hashOf = (id: string): string => createHash('sha256').update(id).digest('base64url');

const isOver = ({ openedAt, usedAt }: Session, now: number): boolean =>
  now - openedAt > LONGEST || now - usedAt > LONGEST_IDLE;
