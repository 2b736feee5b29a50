import type { Block } from '../source/block.ts';
import { readFacts } from '../source/fields/facts.ts';
import type { LineContext, LineFacts, LineFields } from '../source/fields/fields.ts';
import { readFields } from '../source/fields/line.ts';
import { withUserLog } from './pair.ts';

/** Reads lines that the slow way judges, each once, whoever asks what it says. */
export class LineReader {
  /** Of the line that was read last. */
  readonly facts: LineFacts = { time: Number.NaN, timeFlags: 0, status: 0 };
  #fields: LineFields | null = null;

  /** Reads time and status alone. */
  readFacts(block: Block, start: number, end: number, context: LineContext): void {
    readFacts(block.bytes, start, end, context, this.facts);
  }

  /** Reads all that the line and its `User Log:` line say. */
  readFields(block: Block, start: number, end: number, context: LineContext): void {
    const fields = readFields(block.bytes, start, end, context);
    this.facts.time = fields.time;
    this.facts.timeFlags = fields.timeFlags;
    this.facts.status = fields.status ?? 0;
    this.#fields = withUserLog(fields, block, start, end);
  }

  /** What `readFields` read last. */
  get fields(): LineFields {
    return this.#fields!;
  }
}
