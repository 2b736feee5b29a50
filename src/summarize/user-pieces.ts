import type { Buffer } from 'node:buffer';
import { USER_COUNTS } from './users.ts';

/** A length, and what has that length. */
const PIECE_BYTES = 64;
/** Between two users. */
export const SEPARATOR = ',\n    ';
const member = (name: string): string => `,\n      "${name}": `;
const type = (name: string): string => `${member('user_id_type')}"${name}"${member('email')}`;
const state = (name: string): string => `${member('expiry_state')}"${name}"\n    }`;
const count = (verdict: string): string => `\n        "${verdict}": `;

/** What is the same in the JSON of all users, in the order of assembly/json-pieces.ts. */
const PIECES: readonly string[] = [
  SEPARATOR,
  '{\n      "user_id": ',
  'null',
  ...['string', 'number', 'none'].map(type),
  `${member('roles')}[`,
  '\n        ',
  ',\n        ',
  '\n      ',
  `]${member('tokens')}`,
  member('distinct_tokens'),
  `${member('verdicts')}{`,
  ...USER_COUNTS.map(count),
  `}${member('first_seen')}`,
  member('last_seen'),
  member('latest_expiry'),
  ...['active', 'expired', 'never'].map(state),
];

/** Hands the pieces to the kernel, whose memory keeps them from `place` on. */
export const writePieces = (memory: Buffer, place: number): void => {
  for (const [index, text] of PIECES.entries()) {
    const at = place + index * PIECE_BYTES;
    memory.writeUInt32LE(memory.write(text, at + 4, 'latin1'), at);
  }
};
