import { AuthlogError } from '../../errors.ts';
import { checkLog, type LogCheck } from '../../record/check-log.ts';
import { escapeText } from '../../report/escape.ts';
import type { VerifyLogFlags } from '../define/verify-log.ts';
import type { Host } from '../host.ts';
import { streamSink } from '../write.ts';

/** `authlog verify-log`: 0 for a chained log that is intact, 1 for one that is not. */
export const runVerifyLog = async (
  files: readonly string[],
  flags: VerifyLogFlags,
  host: Host,
): Promise<number> => {
  const check = await checkLog(files, {
    expect: hashOf('--expect', flags.expect),
    after: hashOf('--after', flags.after),
  });
  const text = flags.json === true ? `${JSON.stringify(check, null, 2)}\n` : render(check);
  const sink = streamSink(host.stdout, 'standard output');
  await sink.write(text);
  await sink.close();
  return check.intact ? 0 : 1;
};

const hashOf = (flag: string, text: string | undefined): string | null => {
  if (text === undefined) return null;
  const hash = text.trim();
  if (/^[\w-]{43}$/.test(hash)) return hash;
  throw new AuthlogError('USAGE', `${flag} is no hash`, 'Give 43 characters as verify-log prints.');
};

const render = (check: LogCheck): string => {
  const { finding } = check;
  const rows: [string, string][] = [];
  if (finding !== null) {
    const { file, line } = finding;
    const where = file === null ? '' : `${file}:${line}: `;
    rows.push(['tampered with', `${where}${finding.message}`]);
  }
  rows.push([foundUpTo(check), count(check.records, 'record')]);
  if (check.chains > 1) rows.push(['chains', String(check.chains)]);
  if (check.torn_lines > 0) {
    rows.push(['cut short', `${count(check.torn_lines, 'line')}, never counted as recorded`]);
  }
  if (check.first_time !== null) rows.push(['first', check.first_time]);
  if (check.last_time !== null) rows.push(['last', check.last_time]);
  if (check.head !== null) rows.push(['head', check.head]);
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value]) => `${name.padEnd(width)}${escapeText(value)}\n`).join('');
};

const foundUpTo = ({ finding }: LogCheck): string => {
  if (finding === null) return 'intact';
  return finding.line === null ? 'there are' : 'intact before';
};

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
