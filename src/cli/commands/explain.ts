import { planOf, type ReadOptions } from '../../analyze.ts';
import { AuthlogError, noKey } from '../../errors.ts';
import { explainLine } from '../../judge/explain.ts';
import { explainEvent } from '../../judge/explain-event.ts';
import { renderExplanation } from '../../report/explain.ts';
import { readBlocks } from '../../source/blocks.ts';
import { prepareZone } from '../../source/fields/zone.ts';
import { IncompleteInput, type Input } from '../../source/input.ts';
import { openInput } from '../../source/open.ts';
import type { ReadFlags } from '../flags.ts';
import type { Host } from '../host.ts';
import { themeFor } from '../look.ts';
import { isEventFile } from '../recorded.ts';
import { resolveRead } from '../resolve.ts';
import { openSink } from '../write.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** `authlog explain FILE:LINE`, or a line on standard input: every step from extraction to verdict. */
export const runExplain = async (
  sources: readonly string[],
  flags: ReadFlags,
  host: Host,
  isTyped: (flag: string) => boolean,
): Promise<number> => {
  const { path, number } = readPlace(sources);
  const { options, incomplete } = await resolveRead([path], flags, host, isTyped);
  const input = options.inputs[0];
  if (input === undefined) {
    throw new AuthlogError('INPUT', incomplete[0]?.detail ?? `cannot read ${path}`);
  }
  const line = await findLine(input, number, options);
  if (line === null) {
    throw new AuthlogError('USAGE', `${path} has no line ${number}`, 'Lines are numbered from 1.');
  }
  if (input.kind === 'store') {
    throw new AuthlogError('USAGE', 'explain reads logs, not stores', 'Give FILE:LINE.');
  }
  const { judge } = planOf(options, 'columns');
  await prepareZone(judge.zone);
  const reference = Math.min(input.mtime ?? Infinity, options.now);
  const context = { zone: judge.zone, year: judge.year, reference };
  const recorded = path === '-' || (await isEventFile(input, options.cwd ?? host.cwd()));
  const event = recorded ? explainEvent(line, context) : null;
  if (event === null && options.recordedOnly === true) throw noKey();
  const explanation = event ?? explainLine(line, judge, context);
  const toFile = flags.output !== undefined;
  const theme = await themeFor(host, host.stdout, toFile ? 'never' : flags.color);
  const place = `${path === '-' ? 'standard input' : path}:${number}`;
  const sink = await openSink(flags.output, host.stdout);
  await sink.write(renderExplanation(place, explanation, theme));
  await sink.close();
  return 0;
};

const readPlace = (sources: readonly string[]): { path: string; number: number } => {
  const [source, ...more] = sources;
  if (more.length > 0) {
    throw new AuthlogError('USAGE', 'explain takes one place', 'For example auth_logs.log:17.');
  }
  if (source === undefined || source === '-') return { path: '-', number: 1 };
  const [, path, digits] = /^(.+):(\d+)$/s.exec(source) ?? [];
  if (path === undefined || Number(digits) < 1) {
    throw new AuthlogError(
      'USAGE',
      'explain needs a line number',
      'Write FILE:LINE, for example auth_logs.log:17, or pipe one line in.',
    );
  }
  return { path, number: Number(digits) };
};

/** The line without its newline and carriage return; null where the input ends before it. */
const findLine = async (
  input: Input,
  number: number,
  options: ReadOptions,
): Promise<Uint8Array | null> => {
  const plan = planOf(options, 'columns');
  const chunks = openInput(input, { stdin: plan.stdin, cwd: plan.cwd });
  let passed = 0;
  try {
    for await (const { bytes, length } of readBlocks(chunks, plan)) {
      for (let start = 0; start < length;) {
        const newline = bytes.indexOf(NEWLINE, start);
        const end = newline < 0 || newline >= length ? length : newline;
        if (++passed === number) {
          const trimmed = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
          return bytes.slice(start, trimmed);
        }
        start = end + 1;
      }
    }
  } catch (error) {
    if (!(error instanceof IncompleteInput)) throw error;
    throw new AuthlogError('INPUT', error.message);
  }
  return null;
};
