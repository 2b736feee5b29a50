import { SECRET } from './tokens.ts';

/** What the program needs in its environment to verify what `mint` makes. */
export const KEY_ENV: Readonly<Record<string, string>> = { AUTHLOG_SECRET: SECRET };

/** A line as Python's `logging` writes it: `2023-09-22 10:00:00,123 - Token: …`, with its newline. */
export const line = (time: string, token: string): string => `${time} - Token: ${token}\n`;
