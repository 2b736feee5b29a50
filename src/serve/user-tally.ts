import type { Finding } from '../audit/finding.ts';
import { identityOf } from '../event/decode.ts';
import type { AuthEvent } from '../event/event.ts';
import { byText } from '../summarize/order.ts';
import { ActivityTally, type Activity } from '../summarize/activity.ts';
import type { Notice } from '../summarize/summary.ts';
import { rfc3339 } from '../summarize/time.ts';
import { userKey } from '../verify/identity.ts';
import { VERIFIED } from '../verify/verdict.ts';
import type { Window } from './history.ts';
import { addVerdict, Bounded, widen, type Span, type VerdictCounts } from './tally.ts';
import type { UserRef } from './user-ref.ts';
import type { UserAddress, UserEvent, UserReport, UserRoles, UserToken } from './user-report.ts';

/** Rows of a list, and what is kept to find them. */
const MOST_ROWS = 1000;
const MOST_KEPT = 20_000;
const MOST_LATEST = 100;

/** Tokens and addresses of one kind of use. */
class Uses {
  uses = 0;
  readonly verdicts: VerdictCounts = {};
  readonly tokens = new Bounded<UserToken>(MOST_KEPT);
  readonly addresses = new Bounded<UserAddress>(MOST_KEPT);

  add(event: AuthEvent): void {
    const { verdict, token_id: id, ip, time } = event;
    if (verdict === null || id === null) return;
    this.uses++;
    addVerdict(this.verdicts, verdict);
    const token = this.tokens.of(id, () => tokenOf(event, id));
    const address =
      ip === null
        ? null
        : this.addresses.of(ip, () => ({ ip, uses: 0, verdicts: {}, ...unseen() }));
    for (const row of [token, address]) {
      if (row === null) continue;
      row.uses++;
      addVerdict(row.verdicts, verdict);
      widen(row, time);
    }
  }
}

/** Adds up the events of one user, in the order of their time. */
export class UserTally {
  readonly #ref: UserRef;
  readonly #key: string;
  readonly #verified = new Uses();
  readonly #claimed = new Uses();
  readonly #roles = new Bounded<UserRoles>(MOST_ROWS);
  readonly #activity = new ActivityTally();
  readonly #span: Span = unseen();
  #latest: UserEvent[] = [];
  #email: string | null = null;
  #events = 0;

  constructor(ref: UserRef) {
    this.#ref = ref;
    this.#key = userKey({ ...ref, email: null, roles: [] });
  }

  add(event: AuthEvent): void {
    // Stores find by the id alone: those without one are of several types.
    if (userKey(identityOf(event)) !== this.#key) return;
    const { verdict, time } = event;
    this.#events++;
    if (verdict !== null)
      this.#activity.see(time === null ? Number.NaN : Date.parse(time), verdict);
    this.#latest.push(latestOf(event));
    if (this.#latest.length >= 2 * MOST_LATEST) this.#latest = this.#latest.slice(-MOST_LATEST);
    if (verdict !== null && !VERIFIED.has(verdict)) {
      this.#claimed.add(event);
      return;
    }
    widen(this.#span, time);
    if (verdict === null) return;
    this.#verified.add(event);
    this.#email = event.email ?? this.#email;
    const roles = this.#roles.of(JSON.stringify(event.roles), () => ({
      roles: event.roles,
      uses: 0,
      ...unseen(),
    }));
    if (roles === null) return;
    roles.uses++;
    widen(roles, time);
  }

  /** Verdicts over time, of tokens that did not verify too. */
  activity(): Activity {
    return this.#activity.result();
  }

  /** Null where there was no event of the user. */
  report(now: number, { since, until }: Window, findings: readonly Finding[]): UserReport | null {
    if (this.#events === 0) return null;
    const [verified, claimed] = [this.#verified, this.#claimed];
    const { userId, userIdType } = this.#ref;
    return {
      schema: 'authlog.user/1',
      now: rfc3339(now)!,
      since: since === null ? null : rfc3339(since),
      until: until === null ? null : rfc3339(until),
      user_id: userId,
      user_id_type: userIdType,
      email: this.#email,
      ...this.#span,
      events: this.#events,
      uses: verified.uses,
      verdicts: verified.verdicts,
      tokens: newest(verified.tokens),
      addresses: newest(verified.addresses),
      roles: newest(this.#roles),
      claimed: {
        uses: claimed.uses,
        verdicts: claimed.verdicts,
        tokens: newest(claimed.tokens),
        addresses: newest(claimed.addresses),
      },
      timeline: timelineOf(this.activity()),
      latest: this.#latest.slice(-MOST_LATEST).toReversed(),
      findings: findings.filter((finding) => isAbout(finding, userId)),
      notices: [...remarks([verified, claimed])],
    };
  }
}

const unseen = (): Span => ({ first_seen: null, last_seen: null });

const isAbout = (finding: Finding, userId: string | number | null): boolean =>
  userId !== null && (finding.user_id === userId || finding.claimed_user_id === userId);

const tokenOf = (event: AuthEvent, id: string): UserToken => ({
  token_id: id,
  uses: 0,
  verdicts: {},
  alg: event.alg,
  key: event.key,
  roles: event.roles,
  issued_at: dateOf(event.iat),
  expires_at: dateOf(event.exp),
  ...unseen(),
});

const dateOf = (seconds: number | string | null): string | null =>
  seconds === null ? null : rfc3339(Number(seconds) * 1000);

const latestOf = (event: AuthEvent): UserEvent => ({
  time: event.time,
  verdict: event.verdict,
  reason: event.reason,
  token_id: event.token_id,
  ip: event.ip,
  method: event.method,
  path: event.path,
  status: event.status,
  event: event.event,
});

const timelineOf = ({ step, from, series }: Activity): UserReport['timeline'] => ({
  step_s: step,
  moments: from.flatMap((start, at) => {
    const shown = rfc3339(start * 1000);
    if (shown === null) return [];
    const counts = series.flatMap(({ name, counts: all }) =>
      all[at] === 0 ? [] : [[name, all[at]!] as const],
    );
    return [{ start: shown, verdicts: Object.fromEntries(counts) }];
  }),
});

const newest = <T extends Span>(rows: Bounded<T>): readonly T[] =>
  rows
    .values()
    .toSorted((a, b) => byText(b.last_seen ?? '', a.last_seen ?? ''))
    .slice(0, MOST_ROWS);

const remarks = function* (kinds: readonly Uses[]): IterableIterator<Notice> {
  const lists = [
    ['tokens_not_listed', 'tokens'],
    ['addresses_not_listed', 'addresses'],
  ] as const;
  for (const [code, name] of lists) {
    const count = kinds.reduce((sum, kind) => sum + Math.max(0, kind[name].size - MOST_ROWS), 0);
    const isMore = kinds.some((kind) => kind[name].left > 0);
    if (count === 0) continue;
    yield {
      code,
      message: `${count}${isMore ? ' or more' : ''} older ${name} are not listed`,
      count,
    };
  }
};
