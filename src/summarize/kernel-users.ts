import { Buffer } from 'node:buffer';
import type { TallyExports } from '../kernel/module.ts';
import { readSpelling, spellUser } from '../kernel/spelling.ts';
import type { Identity } from '../verify/identity.ts';
import type { UnverifiedTally } from './unverified.ts';
import type { UserTally } from './users.ts';

/** Words of a user in the kernel's memory, and where one tells how the first identity is spelled. */
export const USER_WORDS = 16;
export const USER_SPELLING = 14;

/**
 * Keeps the users of both twins in step: the kernel gives rows to whoever it can tell apart by bytes, the tables to
 * the rest, and each must know whom the other has met.
 */
export class KernelUsers {
  readonly #exports: TallyExports;
  readonly #users: UserTally;
  readonly #unverified: UnverifiedTally;

  constructor(exports: TallyExports, users: UserTally, unverified: UnverifiedTally) {
    this.#exports = exports;
    this.#users = users;
    this.#unverified = unverified;
  }

  /** The row of a user whom the kernel leaves to the tables. */
  rowOf(identity: Identity): number {
    this.#catchUp();
    const before = this.#users.size;
    const row = this.#users.rowOf(identity);
    if (this.#users.size === before) return row;
    if (this.#exports.addRow(row) === 0) throw new RangeError('no memory left for users');
    if (row !== this.#users.others) this.#name(identity, row + 1, 0);
    return row;
  }

  /** The same of a user who is only claimed, from 1 on; 0 for one who gets no row. */
  claimedRowOf(identity: Identity): number {
    this.#catchUp();
    const before = this.#unverified.size;
    const row = this.#unverified.rowOf(identity);
    if (row === null) return 0;
    if (this.#unverified.size > before) this.#name(identity, 0, row.number + 1);
    return row.number + 1;
  }

  /** Gives the tables the last users that the kernel has met: none of them is asked for again. */
  settle(): void {
    this.#takeRows((identity) => this.#users.append(identity));
  }

  /** The same of users who are only claimed. */
  settleClaimed(): void {
    const { claimedCount, TALLY_CLAIMED_SPELLINGS } = this.#exports;
    if (this.#unverified.size === claimedCount.value) return;
    const spelled = this.#reader();
    for (let row = this.#unverified.size; row < claimedCount.value; row++) {
      this.#unverified.rowOf(spelled(TALLY_CLAIMED_SPELLINGS.value + row * 4));
    }
  }

  #catchUp(): void {
    this.#takeRows((identity) => this.#users.rowOf(identity));
    this.settleClaimed();
  }

  #takeRows(take: (identity: Identity) => void): void {
    const { rowCount, TALLY_USERS } = this.#exports;
    const { size } = this.#users;
    if (size === rowCount.value) return;
    const spelled = this.#reader();
    for (let row = size; row < rowCount.value; row++) {
      take(spelled(TALLY_USERS.value + (row * USER_WORDS + USER_SPELLING) * 4));
    }
  }

  #reader(): (place: number) => Identity {
    const memory = Buffer.from(this.#exports.memory.buffer);
    return (place) => readSpelling(memory, memory.readUInt32LE(place));
  }

  /** Tells the kernel who has a row, from 1 on, if it may meet the user too. */
  #name(identity: Identity, row: number, unverified: number): void {
    const exports = this.#exports;
    const memory = Buffer.from(exports.memory.buffer);
    if (spellUser(memory, exports.TALLY_SCRATCH.value, identity)) exports.nameUser(row, unverified);
  }
}
