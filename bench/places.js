import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..');

/** Logs, keys and built peers; in no repository, made again when missing. */
export const WORK = join(import.meta.dirname, '.work');

/** Kept results, a folder a run. */
export const RUNS = join(import.meta.dirname, 'runs');

/** A path as the reader of a report sees it. */
export const shown = (text) => text.replaceAll(`${ROOT}/`, '');
