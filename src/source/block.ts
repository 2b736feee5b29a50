const NEWLINE = 0x0a;

/**
 * A run of whole lines: the unit of work of every later stage.
 * `bytes` owns its buffer, so a block can be handed to another thread, and be written over when it is judged.
 */
export interface Block {
  readonly bytes: Uint8Array;
  /** Bytes in use: lines end with `\n`, the last one of a source may lack it. */
  readonly length: number;
  /** Offset of the first byte in the decoded stream (after gunzip, BOM removal, UTF-16 decoding). */
  readonly offset: number;
  /** The last line was longer than `maxLine`: its rest was dropped, and no `\n` ends it. */
  readonly cut: boolean;
  /** The source failed inside the last line: nobody knows how it went on. */
  readonly torn: boolean;
}

/** Where the last line of `bytes[0, length)` starts. */
export const lastLineStart = (bytes: Uint8Array, length: number): number =>
  bytes.subarray(0, Math.max(0, length - 1)).lastIndexOf(NEWLINE) + 1;

/** Lines of the block, the last one with or without its line break. */
export const countLines = ({ bytes, length }: Block): number => {
  let lines = bytes[length - 1] === NEWLINE ? 0 : 1;
  for (let i = 0; i < length; i++) if (bytes[i] === NEWLINE) lines++;
  return lines;
};
