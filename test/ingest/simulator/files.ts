import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  openSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';

/** What writers and rotators do to the files of one folder. */
export interface Files {
  names(): readonly string[];
  read(name: string): Buffer;
  /** Makes the file if it is not there. */
  append(name: string, bytes: Buffer): void;
  /** As a writer without O_APPEND does, whose file was truncated meanwhile. */
  writeAt(name: string, bytes: Buffer, at: number): void;
  /** The whole content, in a file of the same inode. */
  put(name: string, bytes: Buffer): void;
  rename(from: string, to: string): void;
  remove(name: string): void;
}

/** Files of a real folder. */
export const realFiles = (folder: string): Files => ({
  names: () => readdirSync(folder),
  read: (name) => readFileSync(join(folder, name)),
  append: (name, bytes) => writeFileSync(join(folder, name), bytes, { flag: 'a' }),
  writeAt: (name, bytes, at) => {
    const file = openSync(join(folder, name), 'r+');
    writeSync(file, bytes, 0, bytes.length, at);
    closeSync(file);
  },
  put: (name, bytes) => {
    if (bytes.length === 0 && readdirSync(folder).includes(name))
      truncateSync(join(folder, name), 0);
    else writeFileSync(join(folder, name), bytes);
  },
  rename: (from, to) => renameSync(join(folder, from), join(folder, to)),
  remove: (name) => rmSync(join(folder, name)),
});
