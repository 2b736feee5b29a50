import { AuthlogError } from '../../errors.ts';
import { escapeJsonText } from '../../event/escape-json.ts';
import type { ClaimsObject } from '../../issue/json.ts';
import { readClaimValue, readJsonObject } from '../../issue/json.ts';
import { issuedEvent } from '../../issue/event.ts';
import { issueToken, type IssuedToken, type IssueOptions } from '../../issue/token.ts';
import { KEY_BYTES_LIMIT, nodeKeyIo } from '../../keys/io.ts';
import type { KeyNotice } from '../../keys/key.ts';
import { errorCode, printable } from '../../keys/printable.ts';
import { renderError } from '../../report/error.ts';
import type { IssueFlags, SourceOf } from '../define/issue.ts';
import type { Host } from '../host.ts';
import { themeFor } from '../look.ts';
import { readMoment } from '../moment.ts';
import { resolveSigningKey } from '../signing-key.ts';
import { durationValue, secondsOf } from '../values.ts';
import { openSink } from '../write.ts';

/** The name of the contract of `--json`; `schema/authlog.token-1.json` describes it. */
const TOKEN_SCHEMA = 'authlog.token/1';

/** `authlog issue`: signs one token, records that it did, prints it. */
export const runIssue = async (
  flags: IssueFlags,
  host: Host,
  sourceOf: SourceOf,
): Promise<number> => {
  const now =
    flags.now === undefined ? Date.now() : await readMoment('--now', flags.now, Date.now(), 'UTC');
  const claims = await readClaimFlags(flags, host);
  const expiresIn = await lifetimeOf(flags, sourceOf);
  const notBefore = await notBeforeOf(flags.notBefore, now);
  const key = await resolveSigningKey(flags, host, now, sourceOf);
  await remark(key.notices, host);
  const options: IssueOptions = {
    key,
    alg: flags.alg,
    kid: flags.kid,
    allowWeakSecret: flags.allowWeakSecret,
    now,
    userId: flags.userId,
    email: flags.email,
    roles: flags.role,
    issuer: flags.issuer,
    audience: flags.audience,
    jti: flags.jti,
    claims,
    expiresIn,
    notBefore,
  };
  const issued = await issueToken(options);
  await remark(issued.notices, host);
  const sink = await openSink(flags.output, host.stdout);
  try {
    // Before the token is out: one that was issued without a trace is worse than none.
    if (flags.record !== undefined) await record(flags.record, issued, host);
    await sink.write(flags.json === true ? renderJson(issued) : `${issued.token}\n`);
  } catch (error) {
    await sink.discard();
    throw error;
  }
  await sink.close();
  return 0;
};

const record = async (to: string, issued: IssuedToken, host: Host): Promise<void> => {
  const { openLog } = await import('../open-log.ts');
  const theme = await themeFor(host, host.stderr, 'auto');
  const onNotice = (message: string): void => {
    host.stderr.write(renderError(message, null, theme));
  };
  const log = await openLog(to, { durability: 'always', onNotice });
  try {
    await log.append(issuedEvent(issued));
  } finally {
    await log.close();
  }
};

const renderJson = ({ token, tokenId, header, claims }: IssuedToken): string => {
  const value = { schema: TOKEN_SCHEMA, token, token_id: tokenId, header, claims };
  return `${escapeJsonText(JSON.stringify(value))}\n`;
};

const remark = async (notices: readonly KeyNotice[], host: Host): Promise<void> => {
  const theme = await themeFor(host, host.stderr, 'auto');
  for (const { message } of notices) host.stderr.write(renderError(message, null, theme));
};

/** Seconds, null for none, undefined where nothing was said; what was typed beats the environment. */
const lifetimeOf = async (
  flags: IssueFlags,
  sourceOf: SourceOf,
): Promise<number | null | undefined> => {
  const lifetime = sourceOf('expiresIn');
  const never = sourceOf('expiry');
  if (flags.expiry || (lifetime === 'cli' && never !== 'cli')) {
    return lifetime === 'default' ? undefined : await secondsOf(flags.expiresIn);
  }
  if (lifetime !== 'cli') return null;
  throw new AuthlogError(
    'USAGE',
    '--expires-in and --no-expiry exclude each other',
    'Leave one of the two out.',
  );
};

const notBeforeOf = async (text: string | undefined, now: number): Promise<number | undefined> => {
  if (text === undefined) return undefined;
  if (!text.startsWith('+')) {
    return Math.floor((await readMoment('--not-before', text, now, 'UTC')) / 1000);
  }
  const ahead = text.slice(1);
  try {
    durationValue(ahead);
  } catch {
    const hint = 'Give a time such as +2h, 2026-11-20 or 2026-11-20T08:00:00Z.';
    throw new AuthlogError('USAGE', '--not-before is no time', hint);
  }
  return Math.floor(now / 1000 + (await secondsOf(ahead)));
};

/** The claims of `--claims` and every `--claim`, none of them twice. */
const readClaimFlags = async (flags: IssueFlags, host: Host): Promise<ClaimsObject> => {
  const file = flags.claims === undefined ? {} : await readClaimsFile(flags.claims, host);
  const claims = new Map<string, unknown>(Object.entries(file));
  for (const text of flags.claim ?? []) {
    const equals = text.indexOf('=');
    if (equals < 1) {
      const hint = 'For example --claim tenant=acme or --claim level=3.';
      throw new AuthlogError('USAGE', '--claim needs NAME=VALUE', hint);
    }
    const name = text.slice(0, equals);
    if (claims.has(name)) {
      const hint = 'Give each claim once.';
      throw new AuthlogError('USAGE', `the claim ${printable(name)} is given twice`, hint);
    }
    claims.set(name, readClaimValue(text.slice(equals + 1), `the claim ${printable(name)}`));
  }
  return Object.fromEntries(claims);
};

const readClaimsFile = async (path: string, host: Host): Promise<ClaimsObject> => {
  const name = path === '-' ? 'standard input' : printable(path);
  const bytes = await readBounded(path, name, host);
  if (bytes.length > KEY_BYTES_LIMIT) {
    throw new AuthlogError('USAGE', `${name} is larger than 1 MiB`, 'Is it really claims?');
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AuthlogError('USAGE', `${name} is not UTF-8`, 'Claims are JSON (RFC 7519).');
  }
  return readJsonObject(text, name);
};

const readBounded = async (path: string, name: string, host: Host): Promise<Uint8Array> => {
  try {
    if (path !== '-') return await nodeKeyIo(host.env, 0).readFile(path);
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of host.stdin as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > KEY_BYTES_LIMIT) break;
    }
    return Buffer.concat(chunks);
  } catch (error) {
    const why = errorCode(error) ?? 'unreadable';
    throw new AuthlogError('INPUT', `cannot read ${name}: ${why}`, 'Check the path.');
  }
};
