import { AuthlogError } from '../errors.ts';
import type { Window } from './history.ts';
import { Refusal } from './refusal.ts';

/** Reads times as the command line does: `24h`, `yesterday`, RFC 3339 → milliseconds. Rejects with USAGE. */
export type ReadMoment = (name: string, text: string, now: number) => Promise<number>;

/** A window as it was asked for, which moves with the present, and as it stands at one. */
export interface AskedWindow {
  /** The same for the same question: what answers are remembered by. */
  readonly name: string;
  /** `?since=24h`, as links to other pages have it; empty for all. */
  readonly query: string;
  at(now: number): Promise<Window>;
}

const LONGEST_QUERY = 2048;
const LONGEST_TIME = 40;
/** Characters that no address may hold, encoded or not. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
export const CONTROLS: RegExp = /[\u0000-\u001F\u007F-\u009F]/;
const ESCAPES = /%(?![\dA-Fa-f]{2})/;

/** The parameters of a query, each at most once and none but these. Throws a Refusal (400). */
export const readQuery = (
  search: string,
  known: readonly string[],
): ReadonlyMap<string, string> => {
  if (search.length > LONGEST_QUERY) {
    throw new Refusal(400, `The query is longer than ${LONGEST_QUERY} characters.`);
  }
  if (ESCAPES.test(search))
    throw new Refusal(400, 'The query has a percent sign that escapes nothing.');
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (!known.includes(name)) {
      const names = known.length === 0 ? 'It takes none.' : `Known are ${known.join(', ')}.`;
      throw new Refusal(400, `The query has a parameter that is not known here. ${names}`);
    }
    if (query.has(name)) throw new Refusal(400, `The parameter ${name} is given twice.`);
    // What was no UTF-8 has become U+FFFD.
    if (CONTROLS.test(value) || value.includes('\uFFFD')) {
      throw new Refusal(400, `The parameter ${name} has characters that are no text.`);
    }
    query.set(name, value);
  }
  return query;
};

/** The window that `since` and `until` name. Rejects with a Refusal (400) when it is none. */
export const readWindow = async (
  query: ReadonlyMap<string, string>,
  now: number,
  readMoment: ReadMoment,
): Promise<AskedWindow> => {
  const read = (name: string, at: number): Promise<number | null> =>
    momentOf(name, query.get(name) ?? '', at, readMoment);
  const window: AskedWindow = {
    name: JSON.stringify([query.get('since') ?? '', query.get('until') ?? '']),
    query: queryOf(query),
    at: async (at) => ({ since: await read('since', at), until: await read('until', at) }),
  };
  const { since, until } = await window.at(now);
  if (since !== null && until !== null && since >= until) {
    throw new Refusal(400, 'The parameter since must be before until.');
  }
  return window;
};

const queryOf = (query: ReadonlyMap<string, string>): string => {
  const bounds = new URLSearchParams();
  for (const name of ['since', 'until']) {
    const value = query.get(name) ?? '';
    if (value !== '') bounds.set(name, value);
  }
  return bounds.size === 0 ? '' : `?${bounds.toString()}`;
};

/** Null where the text is empty: a form sends its empty fields too. */
const momentOf = async (
  name: string,
  text: string,
  now: number,
  readMoment: ReadMoment,
): Promise<number | null> => {
  if (text === '') return null;
  const noTime = new Refusal(
    400,
    `The parameter ${name} is no time: give one such as 24h, yesterday or 2026-11-20T08:00:00Z.`,
  );
  if (text.length > LONGEST_TIME) throw noTime;
  let moment: number;
  try {
    moment = await readMoment(name, text, now);
  } catch (error) {
    throw error instanceof AuthlogError ? noTime : error;
  }
  // What no date of JavaScript can be, no event is.
  if (!Number.isFinite(moment) || Math.abs(moment) > 8.64e15) throw noTime;
  return moment;
};
