import { Scanner } from '../../src/scan/scanner.ts';
import { SpanKind, Spans } from '../../src/scan/spans.ts';

/** A token as the scanner found it. */
export interface Found {
  readonly kind: string;
  readonly text: string;
}

const KINDS = new Map(Object.entries(SpanKind).map(([name, kind]) => [kind as number, name]));

/** Everything that `spans` holds, as text. */
export const foundIn = (bytes: Buffer, spans: Spans): Found[] =>
  Array.from({ length: spans.count }, (_, i) => ({
    kind: KINDS.get(spans.kind[i]!)!,
    text: bytes.toString('utf8', spans.start[i], spans.end[i]),
  }));

/** Scans one line that stands between two others, as a block holds it. */
export const scan = (line: string, maxToken = 64 << 10): Found[] => {
  const before = Buffer.from('a line before\n');
  const own = Buffer.from(line);
  const bytes = Buffer.concat([before, own, Buffer.from('\nand one behind\n')]);
  const spans = new Spans();
  const end = new Scanner(maxToken).scanLine(bytes, before.length, bytes.length, spans);
  if (end !== before.length + own.length) throw new Error(`the line was left at ${end}`);
  return foundIn(bytes, spans);
};

/** The texts of the signed tokens of a line; anything else that was found shows with its kind. */
export const tokensIn = (line: string): string[] =>
  scan(line).map(({ kind, text }) => (kind === 'jws' ? text : `${kind} ${text}`));
