import { AuthlogError } from '../../errors.ts';
import { escapeJsonText } from '../../event/escape-json.ts';
import { createPseudonyms } from '../../event/pseudonym.ts';
import { isoTime } from '../../event/token.ts';
import { plural } from '../../report/count.ts';
import { escapeText } from '../../report/escape.ts';
import { userLabel } from '../../report/label.ts';
import { isStoreUrl, shownStoreUrl } from '../../source/store-url.ts';
import { openStore } from '../../store/open.ts';
import type { ForgetFlags } from '../define/forget.ts';
import type { Host } from '../host.ts';
import { readMoment } from '../moment.ts';
import { readPseudonymKey } from '../pseudonym-key.ts';
import { streamSink } from '../write.ts';

/** What is to go: by time in milliseconds, or by user, as typed and as the store knows it. */
type Doomed =
  | { readonly before: number }
  | {
      readonly userId: string | number;
      readonly type: 'string' | 'number';
      readonly stored: string | number;
    };

/** `authlog forget`: deletes events of a store and says how many. */
export const runForget = async (url: string, flags: ForgetFlags, host: Host): Promise<number> => {
  const doomed = await doomedBy(flags, host);
  if (!isStoreUrl(url)) {
    const hint = 'Name one by duckdb:PATH, mongodb://HOST/NAME or clickhouse://HOST/NAME.';
    throw new AuthlogError('USAGE', `${url} is no store of events`, hint);
  }
  const store = await openStore(url, { create: false });
  let events: number;
  try {
    events = await store.forget('before' in doomed ? doomed : { userId: doomed.stored });
  } finally {
    await store.close();
  }
  const shown = shownStoreUrl(url);
  const text = flags.json === true ? toJson(doomed, events, shown) : toText(doomed, events, shown);
  const sink = streamSink(host.stdout, 'standard output');
  await sink.write(text);
  await sink.close();
  return 0;
};

const doomedBy = async (flags: ForgetFlags, host: Host): Promise<Doomed> => {
  const { before, user, userNumber, pseudonymKey, tz } = flags;
  const given = [before, user, userNumber].filter((flag) => flag !== undefined);
  if (given.length !== 1) {
    const message = given.length === 0 ? 'nothing to forget was named' : 'too much was named';
    const hint = 'Give exactly one of --before TIME, --user ID and --user-number N.';
    throw new AuthlogError('USAGE', message, hint);
  }
  if (before !== undefined) {
    return { before: await readMoment('--before', before, Date.now(), tz) };
  }
  const type = user === undefined ? 'number' : 'string';
  const userId = user ?? numberOf(userNumber!);
  if (pseudonymKey === undefined) return { userId, type, stored: userId };
  const { key } = await readPseudonymKey(pseudonymKey, host);
  return { userId, type, stored: createPseudonyms(key).user(userId, type) };
};

/** A number as events hold it: one that is too large to be exact is its text. */
const numberOf = (text: string): string | number => {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) {
    const hint = 'Give a number such as 12345; an id that is a text goes to --user.';
    throw new AuthlogError('USAGE', '--user-number is no number', hint);
  }
  const value = Number(text);
  const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  return isExact ? value : text;
};

const toJson = (doomed: Doomed, events: number, store: string): string => {
  const isByTime = 'before' in doomed;
  const forgotten = {
    schema: 'authlog.forgotten/1',
    store,
    before: isByTime ? isoTime(doomed.before) : null,
    user_id: isByTime ? null : doomed.userId,
    user_id_type: isByTime ? null : doomed.type,
    events,
  };
  return `${escapeJsonText(JSON.stringify(forgotten, null, 2))}\n`;
};

const toText = (doomed: Doomed, events: number, store: string): string => {
  const which =
    'before' in doomed
      ? `from before ${isoTime(doomed.before) ?? 'then'}`
      : `of user ${userLabel({ user_id: doomed.userId, user_id_type: doomed.type })}`;
  return `${plural(events, 'event')} ${which} forgotten in ${escapeText(store)}\n`;
};
