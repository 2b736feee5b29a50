import { CONTROLS } from './query.ts';
import { Refusal } from './refusal.ts';
import { readUserRef, type UserRef } from './user-ref.ts';

/** What a request asks for, read once and strictly. */
export interface Target {
  readonly path: string;
  readonly search: string;
  /** The segments of the path, decoded; empty where there is a fault. */
  readonly segments: readonly string[];
  /** Why the path can't be one of ours, in a sentence; null where it may be. */
  readonly fault: string | null;
  /** The page, as the guard's rules name it: free of what came with the request. */
  readonly guarded: string;
  /** The user that the last segment names. Throws a Refusal (400). */
  user(): UserRef;
}

/** Characters of a path, as it is sent. */
export const LONGEST_PATH = 4096;
const PAGES = [
  '/api/summary',
  '/api/findings',
  '/api/users',
  '/api/search',
  '/api/events',
  '/users',
  '/search',
];

/** Reads the target of a request as it was sent, before a parser took dots out of it. */
export const readTarget = (target: string): Target => {
  const [path, search] = split(target);
  const segments = segmentsOf(path);
  const fault = segments === null ? faultOf(path) : null;
  return {
    path,
    search,
    segments: segments ?? [],
    fault,
    guarded: PAGES.find((page) => path === page || path.startsWith(`${page}/`)) ?? '/',
    user: () => {
      const ref = readUserRef(segments?.at(-1) ?? '');
      if (ref !== null) return ref;
      throw new Refusal(400, 'Name a user by string:ID, number:ID, none or non_string.');
    },
  };
};

const split = (target: string): readonly [path: string, search: string] => {
  const at = target.indexOf('?');
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at)];
};

/** Null where a segment is no plain text, or leads elsewhere. */
const segmentsOf = (path: string): readonly string[] | null => {
  if (path.length > LONGEST_PATH || !path.startsWith('/') || /[\\#]/.test(path)) return null;
  try {
    const segments = path.slice(1).split('/').map(decodeURIComponent);
    const isPlain = segments.every(
      (segment) => !CONTROLS.test(segment) && segment !== '.' && segment !== '..',
    );
    return isPlain && !path.includes('//') ? segments : null;
  } catch {
    return null;
  }
};

const faultOf = (path: string): string =>
  path.length > LONGEST_PATH
    ? `The address is longer than ${LONGEST_PATH} characters.`
    : 'The address is no plain path.';
