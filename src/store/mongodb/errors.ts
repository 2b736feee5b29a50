import { AuthlogError, type ErrorCode } from '../../errors.ts';
import { shownText } from '../../verify/identity.ts';

const AUTHENTICATION_FAILED = 18;
const NOT_ALLOWED: readonly number[] = [13, 8000];

/** A bulk write tells of a broken connection by its words alone. */
const BROKEN =
  /\bE(?:CONNREFUSED|CONNRESET|PIPE|HOSTUNREACH|TIMEDOUT|NOTFOUND)\b|^connection \d+ to .{1,99} (?:closed|timed out)/;

interface Failure {
  readonly name?: string;
  readonly code?: number | string;
  readonly message?: string;
}

/** What the driver threw as one sentence; `code` says what could not be done. */
export const toAuthlogError = (error: unknown, code: ErrorCode, label: string): AuthlogError => {
  if (error instanceof AuthlogError) return error;
  const failure = (error ?? {}) as Failure;
  const name = failure.name ?? '';
  if (failure.code === AUTHENTICATION_FAILED || /authentication/i.test(failure.message ?? '')) {
    return new AuthlogError(
      'USAGE',
      `${label} does not accept this user and password`,
      'Check both in the URL, and authSource= if the user belongs to another database.',
    );
  }
  if (/^Mongo(?:ParseError|InvalidArgumentError|APIError|MissingCredentialsError)$/.test(name)) {
    return new AuthlogError(
      'USAGE',
      'the driver for MongoDB does not understand this URL',
      'Check its options: mongodb://HOST:27017/DATABASE?OPTION=VALUE.',
    );
  }
  if (
    /Selection|Network|Closed|Topology|Timeout/.test(name) ||
    BROKEN.test(failure.message ?? '')
  ) {
    return new AuthlogError(
      code,
      `no MongoDB server answers at ${label}`,
      'Check that it runs, and the host and port in the URL.',
    );
  }
  if (NOT_ALLOWED.includes(Number(failure.code))) {
    return new AuthlogError(
      code,
      `${label} does not allow this user to ${code === 'INPUT' ? 'read' : 'write'}`,
      'Give the user the role readWrite on the database.',
    );
  }
  return new AuthlogError(
    code,
    `${label} could not be ${code === 'INPUT' ? 'read' : 'written'}: ${reasonOf(failure)}`,
  );
};

/** The server's words without control characters, cut; values of documents are not among them. */
const reasonOf = ({ code, message = '' }: Failure): string => {
  if (code === 11000) return 'duplicate key';
  const text = shownText(message)
    .replace(/\/\/[^@\s]*@/g, '//')
    .replace(/[^ -~]+/g, ' ');
  return `${text.slice(0, 160)}${code === undefined ? '' : ` (code ${code})`}`;
};
