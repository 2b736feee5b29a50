import type { Host } from './host.ts';
import { openSink, streamSink, type Sink } from './write.ts';

interface PagerFlags {
  readonly output?: string;
  readonly pager: boolean;
}

/** The sink of a report: a file, standard output, or the pager where a person looks at a screen that is too small. */
export const openReport = async (
  flags: PagerFlags,
  isForPeople: boolean,
  host: Host,
): Promise<Sink> => {
  const plain = await openSink(flags.output, host.stdout);
  const { stdout, env } = host;
  const rows = stdout.isTTY === true ? (stdout.rows ?? 0) : 0;
  if (flags.output !== undefined || !flags.pager || !isForPeople || rows === 0) return plain;
  const pager = env['AUTHLOG_PAGER'] ?? env['PAGER'] ?? null;
  if (pager !== null && /^\s*(?:cat\s*)?$/.test(pager)) return plain;
  if (env['TERM'] === 'dumb') return plain;
  return pagedSink(pager, rows, host);
};

const NEWLINE = 0x0a;

/** Keeps the report back until it is whole: only then is it known whether a screen holds it. */
const pagedSink = (pager: string | null, rows: number, host: Host): Sink => {
  const pieces: Buffer[] = [];
  return {
    write: (chunk) => {
      pieces.push(Buffer.from(chunk));
      return Promise.resolve();
    },
    close: async () => {
      const text = Buffer.concat(pieces);
      // The prompt of the shell needs the last row.
      if (linesIn(text) >= rows) {
        const { showInPager } = await import('./show-in-pager.ts');
        if (await showInPager(text, pager, host.env)) return;
      }
      const sink = streamSink(host.stdout, 'standard output');
      await sink.write(text);
      await sink.close();
    },
    discard: () => Promise.resolve(),
  };
};

const linesIn = (text: Uint8Array): number => {
  let lines = 0;
  for (const byte of text) if (byte === NEWLINE) lines += 1;
  return lines;
};
