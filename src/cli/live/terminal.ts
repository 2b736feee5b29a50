import { openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { Readable } from 'node:stream';
import type { Size } from '../../report/live/frame.ts';
import { repaint } from '../../report/live/repaint.ts';
import type { Host } from '../host.ts';

// Alternate screen, no cursor, no wrapping at the edge; and back.
const ENTER = '\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l';
const LEAVE = '\u{1b}[?2026l\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l';
const SUSPEND = '\u{1a}';

interface Keyboard extends Readable {
  setRawMode(raw: boolean): unknown;
}

/** A terminal that shows a screen of ours until it is given back. */
export class Terminal {
  readonly #host: Host;
  readonly #onKey: (key: string) => void;
  readonly #onResize: () => void;
  readonly #keyboard: Keyboard | null;
  #shown: readonly string[] | null = null;
  #isOurs = false;

  /** @param onKey gets what a key sends, such as `q` or `ESC [ C` */
  constructor(host: Host, onKey: (key: string) => void, onResize: () => void) {
    this.#host = host;
    this.#onKey = onKey;
    this.#onResize = onResize;
    this.#keyboard = keyboardOf(host);
  }

  get size(): Size {
    const { columns = 80, rows = 24 } = this.#host.stdout;
    return { columns: Math.max(1, columns), rows: Math.max(1, rows) };
  }

  /** Takes the terminal; `close` gives it back, and so does the end of the process. */
  open(): void {
    this.#enter();
    this.#keyboard?.on('data', this.#read);
    this.#host.stdout.on('resize', this.#resize);
    process.on('SIGTSTP', this.#suspend);
    process.on('SIGCONT', this.#resume);
    process.on('exit', this.#restore);
  }

  close(): void {
    this.#restore();
    this.#keyboard?.off('data', this.#read);
    this.#keyboard?.pause();
    if (this.#keyboard !== this.#host.stdin) this.#keyboard?.destroy();
    this.#host.stdout.off('resize', this.#resize);
    process.off('SIGTSTP', this.#suspend);
    process.off('SIGCONT', this.#resume);
    process.off('exit', this.#restore);
  }

  /** Shows these lines; writes nothing where nothing changed, and waits for nobody: a slow terminal misses frames. */
  draw(lines: readonly string[]): void {
    const { stdout } = this.#host;
    if (!this.#isOurs || stdout.writableNeedDrain === true) return;
    const text = repaint(this.#shown, lines);
    this.#shown = lines;
    if (text !== '') stdout.write(text);
  }

  #enter(): void {
    this.#isOurs = true;
    this.#shown = null;
    this.#keyboard?.setRawMode(true);
    this.#host.stdout.write(ENTER);
  }

  readonly #restore = (): void => {
    if (!this.#isOurs) return;
    this.#isOurs = false;
    this.#keyboard?.setRawMode(false);
    const { fd } = this.#host.stdout as { fd?: number };
    try {
      // At once: the process may end, or stop, before the stream has a turn.
      if (fd === undefined) this.#host.stdout.write(LEAVE);
      else writeSync(fd, LEAVE);
    } catch {
      // The terminal has gone.
    }
  };

  readonly #read = (data: Buffer): void => {
    const key = data.toString('latin1');
    // To all that run together, as the terminal itself would do.
    if (key === SUSPEND) process.kill(0, 'SIGTSTP');
    else this.#onKey(key);
  };

  readonly #resize = (): void => {
    this.#shown = null;
    this.#onResize();
  };

  readonly #suspend = (): void => {
    this.#restore();
    process.kill(process.pid, 'SIGSTOP');
  };

  readonly #resume = (): void => {
    if (!this.#isOurs) this.#enter();
    this.#onResize();
  };
}

/** Keys come from the terminal also where the log comes from standard input; null where there is none. */
const keyboardOf = (host: Host): Keyboard | null => {
  if (host.stdin.isTTY === true) return host.stdin as unknown as Keyboard;
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    return null;
  }
};
