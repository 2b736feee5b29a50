import type { AskedWindow } from './query.ts';
import { Refusal } from './refusal.ts';

export interface LiveOptions {
  /** A text that is another one when the numbers of a window are, from memory where nothing changed. */
  readonly etag: (window: AskedWindow) => Promise<string>;
  /** Milliseconds between two looks at the store: one for all who listen. */
  readonly every: number;
}

interface Listener {
  readonly window: AskedWindow;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  /** Whether the one who listens may still do so. */
  readonly mayListen: () => boolean;
  etag: string;
  spokenAt: number;
}

const MOST_LISTENERS = 500;
/** Messages that may wait for one who does not read. */
const MOST_WAITING = 64;
const SILENCE_MS = 15_000;
const encoder = new TextEncoder();

/** Server-sent events: tells all who listen when the numbers of their window have changed. */
export class Live {
  readonly #options: LiveOptions;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** The stream of one listener. Throws a Refusal (503) where there are too many. */
  async listen(window: AskedWindow, mayListen: () => boolean): Promise<Response> {
    if (this.#listeners.size >= MOST_LISTENERS) {
      throw new Refusal(503, 'Too many are listening.', { 'retry-after': '60' });
    }
    const etag = await this.#options.etag(window);
    let listener: Listener | null = null;
    const stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          listener = { window, controller, mayListen, etag, spokenAt: Date.now() };
          this.#listeners.add(listener);
          say(listener, `retry: 3000\n${changeOf(etag)}`);
          this.#wake();
        },
        cancel: () => {
          if (listener !== null) this.#drop(listener);
        },
      },
      { highWaterMark: MOST_WAITING },
    );
    return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
  }

  /** One look at the store; tells those whose numbers are others now. */
  async look(): Promise<void> {
    const etags = new Map<string, string | null>();
    for (const listener of this.#listeners) {
      const { window } = listener;
      if (!listener.mayListen()) {
        this.#end(listener, 'event: end\ndata: {}\n\n');
        continue;
      }
      if (!etags.has(window.name)) etags.set(window.name, await this.#etagOf(window));
      const etag = etags.get(window.name) ?? listener.etag;
      if (etag !== listener.etag) {
        listener.etag = etag;
        this.#tell(listener, changeOf(etag));
      } else if (Date.now() - listener.spokenAt > SILENCE_MS)
        this.#tell(listener, ': still here\n\n');
    }
  }

  /** Ends all streams. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const listener of this.#listeners) this.#end(listener, '');
  }

  #wake(): void {
    if (this.#timer !== null || this.#listeners.size === 0) return;
    this.#timer = setTimeout(() => {
      void this.look().finally(() => {
        this.#timer = null;
        this.#wake();
      });
    }, this.#options.every);
    this.#timer.unref();
  }

  async #etagOf(window: AskedWindow): Promise<string | null> {
    try {
      return await this.#options.etag(window);
    } catch {
      // Whoever asks for the numbers is told why there are none; the next look may find some.
      return null;
    }
  }

  #tell(listener: Listener, message: string): void {
    // One who does not read is let go, and will come back by itself.
    if ((listener.controller.desiredSize ?? 0) <= 0) this.#end(listener, '');
    else say(listener, message);
  }

  #end(listener: Listener, message: string): void {
    this.#drop(listener);
    try {
      if (message !== '') say(listener, message);
      listener.controller.close();
    } catch {
      // It has gone by itself.
    }
  }

  #drop(listener: Listener): void {
    this.#listeners.delete(listener);
  }
}

const changeOf = (etag: string): string => `event: change\ndata: ${JSON.stringify({ etag })}\n\n`;

const say = (listener: Listener, message: string): void => {
  listener.spokenAt = Date.now();
  listener.controller.enqueue(encoder.encode(message));
};
