import { Buffer } from 'node:buffer';

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Reads a byte stream ahead without consuming it, and by exact counts.
 * Never throws: a failing source ends early, and `failure` says why.
 * Bytes handed out stay valid until the next call.
 */
export class ByteReader {
  /** What the source threw, null while it is well. */
  failure: unknown = null;
  /** Bytes consumed so far. */
  position = 0;

  readonly #source: AsyncIterator<Uint8Array>;
  #held: Buffer = NOTHING;
  #ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next bytes, as many as are at hand; null at the end. */
  async next(): Promise<Buffer | null> {
    const bytes = this.#held.length > 0 ? this.#held : await this.#pull();
    this.#held = NOTHING;
    if (bytes !== null) this.position += bytes.length;
    return bytes;
  }

  /** Puts back the tail of what the last call consumed. */
  unread(bytes: Buffer): void {
    this.#held = this.#held.length > 0 ? Buffer.concat([bytes, this.#held]) : bytes;
    this.position -= bytes.length;
  }

  /** The next `count` bytes without consuming them; fewer only at the end, or where `least` of them will do. */
  async peek(count: number, least: number = count): Promise<Buffer> {
    while (this.#held.length < least) {
      // The source may reuse its buffer as soon as it is asked again.
      const before = Buffer.from(this.#held);
      const more = await this.#pull();
      this.#held = more === null ? before : Buffer.concat([before, more]);
      if (more === null) break;
    }
    return this.#held.subarray(0, count);
  }

  /** Consumes the next `count` bytes; fewer only at the end. */
  async take(count: number): Promise<Buffer> {
    const bytes = await this.peek(count);
    this.#held = this.#held.subarray(bytes.length);
    this.position += bytes.length;
    return bytes;
  }

  /** Consumes up to `count` bytes without keeping them; false when the end came first. */
  async skip(count: number): Promise<boolean> {
    for (let left = count; left > 0;) {
      const bytes = await this.next();
      if (bytes === null) return false;
      if (bytes.length > left) this.unread(bytes.subarray(left));
      left -= bytes.length;
    }
    return true;
  }

  /** Consumes up to and including the next `byte`; false when the end came first. */
  async skipPast(byte: number): Promise<boolean> {
    for (;;) {
      const bytes = await this.next();
      if (bytes === null) return false;
      const index = bytes.indexOf(byte);
      if (index < 0) continue;
      this.unread(bytes.subarray(index + 1));
      return true;
    }
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#source.return?.();
  }

  async #pull(): Promise<Buffer | null> {
    while (!this.#ended) {
      try {
        const { done, value } = await this.#source.next();
        if (done === true) break;
        if (value.byteLength > 0) {
          return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
        }
      } catch (error) {
        this.failure = error;
        break;
      }
    }
    this.#ended = true;
    return null;
  }
}
