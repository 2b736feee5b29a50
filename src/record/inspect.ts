import { isReadableByOthers, refusal } from './safe-file.ts';
import { fstatSync } from 'node:fs';
import { MAX_LINE } from './bounded.ts';
import { readLink, type Link } from './chain.ts';
import type { OpenFile } from './open-file.ts';
import { beginsAsEvent, isFragment } from './own-lines.ts';
import { firstLine, linesBackwards } from './tail.ts';

const NEW_FILE = 'Name a file that holds such records, or one that does not exist yet.';

/** Refuses a file that holds something else than what is to be appended, and remarks on who can read it. */
export const inspectFile = (
  file: OpenFile,
  isOwn: (line: Buffer) => boolean,
  onNotice: (message: string) => void,
): void => {
  const stats = fstatSync(file.fd);
  const first = firstLine(file.fd, MAX_LINE * 2);
  if (stats.size > 0 && !isOwn(first)) {
    throw refusal(file.path, 'it holds something else than such records', NEW_FILE);
  }
  if (isReadableByOthers(stats)) {
    onNotice(`other users can read ${file.path}: chmod 600 ${file.path}`);
  }
};

/** Refuses events, and a log of another kind: a chained record among others would break the chain. */
export const inspectEvents = (
  file: OpenFile,
  chain: boolean,
  onNotice: (message: string) => void,
): void => {
  inspectFile(file, beginsAsEvent, onNotice);
  const first = firstLine(file.fd, MAX_LINE * 2);
  if (chain || readLink(first) === null) return;
  throw refusal(file.path, 'its records are chained', 'Say --chain, or begin a new file.');
};

/** The last link of a chained file: its newest whole record; null where there is none yet. */
export const lastLink = (file: OpenFile): Link | null => {
  for (const line of linesBackwards(file.fd, file.size, MAX_LINE * 2)) {
    const link = readLink(line);
    if (link?.isIntact === true) return link;
    if (isFragment(line) && link === null) continue;
    const reason = link === null ? 'its records are not chained' : 'its last record was edited';
    const hint = 'Look with authlog verify-log, and begin a new file.';
    throw refusal(file.path, reason, hint);
  }
  return null;
};
