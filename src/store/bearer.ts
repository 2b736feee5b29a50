import { identityOf, tellsClaims } from '../event/decode.ts';
import { escapeJsonText } from '../event/escape-json.ts';
import type { RecordedEvent } from '../record/event-log.ts';
import type { Identity, UserIdType } from '../verify/identity.ts';
import type { TokenGroup } from './store.ts';

type Bearer = Pick<TokenGroup, 'identity' | 'expiry' | 'key'>;
type BearerJson = readonly [
  identity: readonly [UserIdType, string | number | null, string | null, readonly string[]] | null,
  expiry: number | null,
  key: string | null,
];

/** Who an event says the bearer was, until when and by which key: one text, equal for equal bearers. */
export const bearerText = (event: RecordedEvent): string => {
  const { userIdType, userId, email, roles } = identityOf(event);
  const identity = tellsClaims(event) ? ([userIdType, userId, email, roles] as const) : null;
  const expiry = event.exp === null ? null : Number(event.exp);
  return storedJson([identity, expiry, event.key] satisfies BearerJson);
};

export const readBearer = (text: string): Bearer => {
  const [identity, expiry, key] = JSON.parse(text) as BearerJson;
  return { identity: identity && toIdentity(identity), expiry: expiry ?? Number.NaN, key };
};

const toIdentity = ([userIdType, userId, email, roles]: NonNullable<BearerJson[0]>): Identity => ({
  userIdType,
  userId,
  email,
  roles,
});

/** JSON that any store keeps as it is: no unpaired code units. */
export const storedJson = (value: unknown): string => escapeJsonText(JSON.stringify(value));

/** The user of an event: the number 1 and the text "1" differ; empty for none. */
export const storedUser = (userId: string | number | null): string =>
  userId === null ? '' : storedJson(userId);

/** An id as it is, or as JSON where a store would not keep it; different for different ids. */
export const storedId = (id: string): string =>
  id.startsWith('"') || UNPAIRED.test(id) ? storedJson(id) : id;

const UNPAIRED = /\p{Cs}/u;

/** An event's time in milliseconds, NaN for none. */
export const timeOf = ({ time }: RecordedEvent): number =>
  time === null ? Number.NaN : Date.parse(time);

/** The events of a batch by their stored id, the first of each. */
export const byStoredId = (events: readonly RecordedEvent[]): Map<string, RecordedEvent> => {
  const found = new Map<string, RecordedEvent>();
  for (const event of events) {
    const id = storedId(event.event_id);
    if (!found.has(id)) found.set(id, event);
  }
  return found;
};
