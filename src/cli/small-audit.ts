import { PassThrough, Readable, Transform } from 'node:stream';
import type { ReadOptions } from '../analyze.ts';
import { AuthlogError } from '../errors.ts';
import { isStore } from '../source/input.ts';
import type { Finding } from '../audit/finding.ts';
import type { Notice, Summary } from '../summarize/summary.ts';
import { pasteable } from '../keys/printable.ts';
import type { Host } from './host.ts';

/** Text up to which `analyze` runs the rules too: they take longer than the summary of a large log may. */
const MOST_BYTES = 4 << 20;

/** Standard input that can be read once more where it is short. */
export class ShortInput {
  readonly stream: Readable;
  #chunks: Buffer[] | null = [];
  #bytes = 0;

  constructor(stdin: Readable) {
    const keep = (chunk: Buffer): void => {
      this.#bytes += chunk.length;
      if (this.#bytes > MOST_BYTES) this.#chunks = null;
      this.#chunks?.push(chunk);
    };
    const copy = new Transform({
      transform(chunk: Buffer, _encoding, done): void {
        keep(chunk);
        done(null, chunk);
      },
    });
    stdin.on('error', (error) => copy.destroy(error));
    this.stream = stdin.pipe(copy);
  }

  /** All that was read, null where that was too much to keep. */
  again(): Readable | null {
    return this.#chunks === null ? null : Readable.from(this.#chunks);
  }
}

/** The summary, and the findings where the rules ran. */
interface Audited {
  readonly summary: Summary;
  readonly findings: readonly Finding[] | null;
}

/** The summary with the number of findings and a word on how to see them, where the log is small enough to look. */
export const withFindings = async (
  summary: Summary,
  options: ReadOptions,
  stdin: ShortInput | null,
  host: Host,
  mostBytes: number = MOST_BYTES,
): Promise<Audited> => {
  const unaudited = { summary, findings: null };
  const again = stdin === null ? new PassThrough() : stdin.again();
  const bytes = summary.inputs.reduce((sum, input) => sum + input.bytes, 0);
  const isPlain = options.inputs.every(
    (input) => !isStore(input) && isReadable(input.kind, input.size),
  );
  if (again === null || !isPlain || bytes > mostBytes) return unaudited;
  if (options.ring === null && options.recordedOnly !== true) return unaudited;
  // With a key missing every token looks forged.
  if (summary.notices.some(({ code }) => code === 'wrong_key')) return unaudited;
  try {
    const { resolveAuditSettings } = await import('./audit-settings.ts');
    const { runRules } = await import('./run-rules.ts');
    const { selectFindings } = await import('../audit/select.ts');
    // To guess secrets takes longer than all else together, and weak ones are told of where keys are read.
    const flags = { level: 'info', disable: ['AL018'] } as const;
    const settings = await resolveAuditSettings(flags, options, host);
    const quietly = { ...options, stdin: again, threads: 1, onProgress: null };
    const { findings } = await runRules(quietly, settings, null);
    const selected = selectFindings(findings, settings.selection).findings;
    const { countLevels } = await import('../audit/level.ts');
    // The worst first, as people read them.
    const counts = Object.fromEntries(Object.entries(countLevels(selected)).toReversed());
    return { summary: withCounts(summary, counts, sourceOf(options)), findings: selected };
  } catch (error) {
    // A fault in the rules' settings must not cost the summary.
    if (!(error instanceof AuthlogError)) throw error;
    const notice = { code: 'rules_not_run', message: error.message, count: 1 };
    return { ...unaudited, summary: { ...summary, notices: [...summary.notices, notice] } };
  }
};

/** A named pipe can be read only once. */
const isReadable = (kind: string, size: number | null): boolean =>
  kind === 'stdin' || size !== null;

const sourceOf = ({ inputs }: ReadOptions): string =>
  inputs.length === 1 && inputs[0]!.kind === 'file' ? inputs[0]!.path : '';

const withCounts = (
  summary: Summary,
  findings: Readonly<Record<string, number>>,
  source: string,
): Summary => {
  const told = Object.entries(findings).filter(([level, n]) => n > 0 && level !== 'info');
  if (told.length === 0) return { ...summary, findings };
  const count = told.reduce((sum, [, n]) => sum + n, 0);
  const words = told.map(([level, n]) => `${n} ${level}`).join(', ');
  const message = `${count} finding${count === 1 ? '' : 's'} (${words}): authlog audit ${pasteable(source)}`;
  const notice: Notice = { code: 'findings', message: message.trimEnd(), count };
  return { ...summary, findings, notices: [notice, ...summary.notices] };
};
