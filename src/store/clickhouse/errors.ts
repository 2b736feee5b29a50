import { AuthlogError, type ErrorCode } from '../../errors.ts';
import { shownText } from '../../verify/identity.ts';

/** Unknown user, wrong or missing password, authentication failed. */
const REFUSED_USER: readonly number[] = [192, 193, 194, 516];
const NOT_ALLOWED: readonly number[] = [164, 291, 497];
/** A server does not reach another one: name, time out, network, end of file, all tries, socket. */
const UNREACHED: readonly number[] = [32, 198, 209, 210, 279, 519];
/** Of the system; `EPROTO` is a server without TLS. */
const UNREACHABLE =
  /^(?:E(?:CONN(?:REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|(?:HOST|NET)UNREACH|NOTFOUND|AI_AGAIN|PROTO)|UND_ERR_.*)$/;
const BROKEN = /^(?:Timeout error|socket hang up|aborted|The user aborted)/i;

/** The number of a server's error; servers of any age write it at the head of the text. */
export const serverCode = (error: unknown): number | null => {
  const { code, message = '' } = (error ?? {}) as { readonly code?: unknown; message?: string };
  const number = /^\d+$/.test(String(code))
    ? Number(code)
    : Number(/Code: (\d+)/.exec(message)?.[1]);
  return Number.isNaN(number) ? null : number;
};

/** The server that was asked did not reach another one. */
export const isShardDown = (error: unknown): boolean =>
  UNREACHED.includes(serverCode(error) ?? Number.NaN);

/** The server itself does not answer. */
export const isUnreachable = (error: unknown): boolean => {
  if (error instanceof AuthlogError || serverCode(error) !== null) return false;
  const { code, message = '' } = (error ?? {}) as { readonly code?: unknown; message?: string };
  return UNREACHABLE.test(String(code)) || BROKEN.test(message);
};

export const isRefusedUser = (error: unknown): boolean =>
  REFUSED_USER.includes(serverCode(error) ?? Number.NaN);

/** What the client threw as one sentence; `code` says what could not be done. */
export const toAuthlogError = (error: unknown, code: ErrorCode, host: string): AuthlogError => {
  if (error instanceof AuthlogError) return error;
  const done = code === 'INPUT' ? 'read' : 'written';
  if (isRefusedUser(error)) {
    return new AuthlogError(
      'USAGE',
      `ClickHouse at ${host} does not accept this user and password`,
      'Check both: clickhouse://USER:PASSWORD@HOST:8123/DATABASE.',
    );
  }
  if (isShardDown(error)) {
    return new AuthlogError(
      code,
      `a shard of ClickHouse does not answer, so the store could not be ${done}`,
      code === 'OUTPUT' ? 'Run it again when the shard is back: nothing is kept twice.' : null,
    );
  }
  if (isUnreachable(error)) {
    return new AuthlogError(
      code,
      `no ClickHouse server answers at ${host}`,
      'Check that it runs, and the host and the port (that of HTTP) in the URL.',
    );
  }
  const number = serverCode(error);
  if (NOT_ALLOWED.includes(number ?? Number.NaN)) {
    return new AuthlogError(code, `ClickHouse at ${host} does not allow this user to do that`);
  }
  const reason = `${reasonOf(error)}${number === null ? '' : ` (code ${number})`}`;
  return new AuthlogError(code, `ClickHouse at ${host} could not be ${done}: ${reason}`);
};

/** The server's words in short, without what it quotes: that may be text of an event. */
const reasonOf = (error: unknown): string => {
  const { message = '' } = (error ?? {}) as { readonly message?: string };
  const words = message.replace(/^.*?(?:DB::Exception|e\.displayText\(\) = DB::Exception): ?/s, '');
  const text = shownText(words.split(/['"\n(]/)[0] ?? '').replace(/[^ -~]+/g, ' ');
  return text.trim().slice(0, 120) || 'it failed';
};
