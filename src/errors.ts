/** What went wrong, in one word a script can switch on; each word has one exit code. */
export type ErrorCode = 'USAGE' | 'KEY' | 'INPUT' | 'OUTPUT' | 'LOCKED';

const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  USAGE: 2,
  KEY: 2,
  INPUT: 3,
  OUTPUT: 4,
  LOCKED: 75,
};

/**
 * An expected failure: one sentence for the person, one for what to do next.
 * Neither may hold a token, a secret or text from a log that was not escaped.
 */
export class AuthlogError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;

  constructor(code: ErrorCode, message: string, hint: string | null = null) {
    super(message);
    this.name = 'AuthlogError';
    this.code = code;
    this.hint = hint;
  }

  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

/** The run stops: without a key a token would be no more than a claim. */
export const noKey = (): AuthlogError =>
  new AuthlogError(
    'USAGE',
    'no key to verify with',
    'Give --secret-file FILE, --key FILE or --jwks URL, set AUTHLOG_SECRET, or say --no-verify.',
  );
