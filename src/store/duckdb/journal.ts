import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { syncFolder } from '../../record/safe-file.ts';
import { codeOf } from '../../source/system-error.ts';

/** A block of a database file, and where in the file it lies. */
export interface Block {
  readonly offset: number;
  readonly length: number;
}

/** The three headers of a database file, before its blocks. A checkpoint changes them last: until then it did not happen. */
export const HEADERS_LENGTH: number = 3 * 4096;
const DIGEST_LENGTH = 32;
/** Offset and length of a block before its bytes. */
const PLACE_LENGTH = 16;

/** The rollback journal of the database in `path`. */
export const journalPath = (path: string): string => `${path}.journal`;

/** Whether a checkpoint of the database in `path` began and nobody has said that it ended. */
export const hasJournal = (path: string): boolean => existsSync(journalPath(path));

/**
 * Keeps what `blocks` of an open file hold, durably, beside the headers: the journal is there whole
 * or not at all. The descriptor stays open; throws what the system reports.
 */
export const writeJournal = (path: string, fd: number, blocks: readonly Block[]): void => {
  const kept = blocks.map(({ offset, length }) => {
    const place = Buffer.alloc(PLACE_LENGTH);
    place.writeDoubleLE(offset, 0);
    place.writeDoubleLE(length, 8);
    return Buffer.concat([place, read(fd, offset, length)]);
  });
  const content = Buffer.concat([read(fd, 0, HEADERS_LENGTH), ...kept]);
  const draft = `${journalPath(path)}.draft`;
  try {
    writeFileSync(draft, Buffer.concat([digestOf(content), content]), { mode: 0o600, flush: true });
    renameSync(draft, journalPath(path));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(path);
};

/** Ends the checkpoint that a journal was written for: nothing is to be taken back any more. */
export const removeJournal = (path: string): void => rmSync(journalPath(path), { force: true });

/**
 * Undoes what a checkpoint had written when it was stopped, and removes the journal. Only for who
 * knows that nobody writes to the file; throws what the system reports.
 */
export const rollBack = (path: string): void => {
  const content = readJournal(path);
  if (content !== null) restore(path, content);
  removeJournal(path);
};

const restore = (path: string, content: Buffer): void => {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    // New headers: the checkpoint is complete, and its log may be gone.
    if (!content.subarray(0, HEADERS_LENGTH).equals(read(fd, 0, HEADERS_LENGTH))) return;
    for (let at = HEADERS_LENGTH; at < content.length;) {
      const offset = content.readDoubleLE(at);
      const end = at + PLACE_LENGTH + content.readDoubleLE(at + 8);
      const bytes = content.subarray(at + PLACE_LENGTH, end);
      for (let done = 0; done < bytes.length;) {
        done += writeSync(fd, bytes, done, bytes.length - done, offset + done);
      }
      at = end;
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

/** What was kept; null where there is no journal, or one that the disk has not kept. */
const readJournal = (path: string): Buffer | null => {
  try {
    const bytes = readFileSync(journalPath(path));
    const content = bytes.subarray(DIGEST_LENGTH);
    return digestOf(content).equals(bytes.subarray(0, DIGEST_LENGTH)) ? content : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
};

const read = (fd: number, offset: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  readSync(fd, bytes, 0, length, offset);
  return bytes;
};

const digestOf = (content: Buffer): Buffer => createHash('sha256').update(content).digest();
