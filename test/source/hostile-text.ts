import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';

/** Logs of lines, events, NUL bytes and long lines in every order. */
export const hostileText: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('\n', 'a', 'Token: ', '\0', '\r', '\n\0', '\xff') },
      {
        weight: 2,
        arbitrary: fc.constantFrom('x User Log: y\n', 'Token: z\n', '\n\n', 'User Log:'),
      },
      { weight: 1, arbitrary: fc.constantFrom('b'.repeat(30), '\0'.repeat(40), 'User Log: ') },
    ),
    { maxLength: 60 },
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));
