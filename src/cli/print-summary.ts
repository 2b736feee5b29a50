import { incompleteText, renderError } from '../report/error.ts';
import type { PageExtras } from '../report/html/extras.ts';
import type { Format } from '../report/reporter.ts';
import { reporters } from '../report/reporters.ts';
import type { Summary } from '../summarize/summary.ts';
import type { UserRows } from '../summarize/user-rows.ts';
import { failuresIn } from './fail-on.ts';
import type { SummaryFlags } from './flags.ts';
import type { Host } from './host.ts';
import { lookOf, themeFor } from './look.ts';
import type { Sink } from './write.ts';

const TOP_OF_TABLE = 20;
/** Some 120 bytes each. */
const TOP_OF_PAGE = 10_000;

/** What is printed with a summary and does not stand in it. */
export interface Beside {
  readonly page?: PageExtras | undefined;
  /** The users of a summary without; only where `wantsUsersApart`. */
  readonly users?: UserRows | null;
}

/** Whether of all users nothing is wanted but the first ones or their JSON, in the order in which the kernel has them. */
export const wantsUsersApart = (flags: SummaryFlags): boolean => {
  const format = formatOf(flags);
  if (flags.sort !== 'tokens' || format === 'html') return false;
  return format === 'json' || topFor(flags, format) > 0;
};

/** Prints a summary as the flags say; the exit code says whether all was read. */
export const printSummary = async (
  summary: Summary,
  flags: SummaryFlags,
  host: Host,
  sink: Sink,
  beside: Beside = {},
): Promise<number> => {
  for (const chunk of await render(summary, flags, host, beside)) await sink.write(chunk);
  await sink.close();
  return await concludeSummary(summary, flags, host);
};

/** Says on standard error what the report could not; the exit code that it leads to. */
export const concludeSummary = async (
  summary: Summary,
  flags: SummaryFlags,
  host: Host,
): Promise<number> => {
  const failures = failuresIn(summary, flags.failOn ?? []);
  await remark(summary, failures, flags, host);
  if (summary.incomplete !== null) return 3;
  return failures.length > 0 ? 1 : 0;
};

const render = async (
  summary: Summary,
  flags: SummaryFlags,
  host: Host,
  { page, users = null }: Beside,
): Promise<Iterable<string | Uint8Array>> => {
  const format = formatOf(flags);
  const top = topFor(flags, format);
  if (users !== null && top === 0) {
    return (await import('../report/json.ts')).jsonChunksApart(summary, users);
  }
  const listed = users === null ? summary : { ...summary, users: users.first(top) };
  const report = await reporters[format]();
  const forPeople = FOR_PEOPLE.has(format);
  return report(forPeople ? listed : withTop(listed, top, users?.size), {
    ...(await lookOf(host, flags)),
    top,
    ...(forPeople && users !== null && { people: users.people() }),
    csvRaw: flags.csvRaw === true,
    ...(page !== undefined && { page }),
  });
};

/** Formats that say themselves what they leave out. */
const FOR_PEOPLE: ReadonlySet<Format> = new Set<Format>(['table', 'markdown', 'html']);

const topFor = ({ top }: SummaryFlags, format: Format): number => {
  if (top !== undefined) return top;
  if (format === 'html') return TOP_OF_PAGE;
  return FOR_PEOPLE.has(format) ? TOP_OF_TABLE : 0;
};

/** The first `top` of `users` users, and a notice that there are more: sums over users no longer add up. */
export const withTop = (
  summary: Summary,
  top: number,
  users: number = summary.users.length,
): Summary => {
  const count = users - top;
  if (top === 0 || count <= 0) return summary;
  const message = `${count} more user${count === 1 ? ' is' : 's are'} not listed: --top 0`;
  const notices = [...summary.notices, { code: 'users_not_listed', message, count }];
  return { ...summary, users: summary.users.slice(0, top), notices };
};

/** What a report for programs can't say in words goes to standard error. */
const remark = async (
  summary: Summary,
  failures: readonly string[],
  flags: SummaryFlags,
  host: Host,
): Promise<void> => {
  if (flags.quiet === true) return;
  const theme = await themeFor(host, host.stderr, flags.color);
  if (failures.length > 0) {
    host.stderr.write(renderError(`--fail-on: ${failures.join(', ')}`, null, theme));
  }
  for (const failure of summary.incomplete ?? []) {
    host.stderr.write(renderError(incompleteText(failure), null, theme));
  }
  if (FOR_PEOPLE.has(formatOf(flags))) return;
  for (const { message } of summary.notices) host.stderr.write(renderError(message, null, theme));
};

/** Whether a person reads the report on a screen. */
export const isForPeople = (flags: SummaryFlags): boolean =>
  flags.format !== 'tally' && ['table', 'markdown'].includes(formatOf(flags));

const formatOf = ({ json, format }: SummaryFlags): Format =>
  json === true || format === 'tally' ? 'json' : format;
