import { AuthlogError } from '../../errors.ts';
import type { KeyRing } from '../../keys/key.ts';
import type { Access } from '../../record/access.ts';
import { readAccess } from '../../record/input-access.ts';
import { createRecorder, type Recorder } from '../../record/recorder.ts';
import { isStoreUrl } from '../../source/store-url.ts';
import { renderError } from '../../report/error.ts';
import type { RecordFlags } from '../define/record.ts';
import type { Host } from '../host.ts';
import { refuseKeys, resolveKeyRing } from '../key-ring.ts';
import { themeFor } from '../look.ts';
import { readMoment } from '../moment.ts';
import { openLog } from '../open-log.ts';
import { recordStream } from '../record-stream.ts';
import { secondsOf } from '../values.ts';

const LONGEST_TOKEN = 1_048_576;

/** `authlog record`: one access as flags tell it, or a stream of them from standard input. */
export const runRecord = async (
  flags: RecordFlags,
  host: Host,
  isTyped: (flag: string) => boolean,
): Promise<number> => {
  const theme = await themeFor(host, host.stderr, 'auto');
  const say = (message: string): void => {
    if (flags.quiet !== true) host.stderr.write(renderError(message, null, theme));
  };
  if (flags.to === undefined) {
    throw new AuthlogError('USAGE', 'there is no place to record to', 'Name one: --to FILE.');
  }
  const access = await accessOf(flags, host);
  const now = Date.now();
  if (!flags.verify) refuseKeys(isTyped);
  // A key is no must here: without one a token is `unverified`.
  const ring = flags.verify ? await resolveKeyRing(flags, host, now, false) : null;
  for (const { message } of ring?.notices ?? []) say(message);
  if (isTyped('token') && flags.token !== '-') {
    say('others can see a token on the command line in the process list: --token - reads it');
  }
  if (flags.format === 'text' && isStoreUrl(flags.to)) {
    throw new AuthlogError('USAGE', 'a store keeps events, not text', 'Leave out --format text.');
  }
  const recorder = await openRecorder(flags, ring, now, say);
  if (flags.format === 'text') say(`${flags.to} holds live tokens: who reads it can use them`);
  try {
    if (access === null) return await recordStream(recorder, host, say);
    await recorder.record(access);
    return 0;
  } finally {
    await recorder.close();
  }
};

const openRecorder = async (
  flags: RecordFlags,
  ring: KeyRing | null,
  now: number,
  onNotice: (message: string) => void,
): Promise<Recorder> => {
  const how = { durability: flags.durability, chain: flags.chain === true };
  return await createRecorder({
    to: flags.format === 'text' ? flags.to! : await openLog(flags.to!, { ...how, onNotice }),
    ...how,
    format: flags.format,
    ring,
    onNotice,
    policy: {
      now,
      leeway: await secondsOf(flags.leeway),
      issuers: flags.issuer ?? null,
      audiences: flags.audience ?? null,
      allowPadding: flags.allowPadding === true,
    },
  });
};

/** The one access that the flags tell of; null where none of them does. */
const accessOf = async (flags: RecordFlags, host: Host): Promise<Access | null> => {
  const { event, field = [] } = flags;
  if (flags.token === undefined && event === undefined && field.length === 0) {
    if (flags.time === undefined) return null;
    throw new AuthlogError('USAGE', '--time is for one event', 'Say which: --event TEXT.');
  }
  const members = new Map<string, unknown>(field.map(readField));
  if (event !== undefined) members.set('event', event);
  if (flags.token !== undefined) members.set('token', await readToken(flags.token, host));
  const access = asUsage(() => readAccess(members));
  if (flags.time === undefined) return access;
  return { ...access, time: await readMoment('--time', flags.time, Date.now(), 'UTC') };
};

const asUsage = (read: () => Access): Access => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AuthlogError)) throw error;
    throw new AuthlogError('USAGE', `the event ${error.message}`);
  }
};

const readField = (text: string): [string, string] => {
  const at = text.indexOf('=');
  if (at < 1) throw new AuthlogError('USAGE', '--field has no name', 'Write --field name=value.');
  return [text.slice(0, at), text.slice(at + 1)];
};

const readToken = async (token: string, { stdin }: Host): Promise<string> => {
  if (token !== '-') return token;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > LONGEST_TOKEN) break;
  }
  const text = Buffer.concat(chunks).toString('utf8').trim();
  if (text !== '' && length <= LONGEST_TOKEN) return text;
  throw new AuthlogError('USAGE', 'there is no token on standard input', 'Write the token alone.');
};
