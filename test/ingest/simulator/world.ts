import { gunzipSync, gzipSync } from 'node:zlib';
import type { Files } from './files.ts';
import type { Random } from './random.ts';

/** How a log is written and rotated, the same through one history. */
export interface Style {
  readonly rotation: 'rename' | 'gzip' | 'delayed-gzip' | 'copytruncate' | 'copy-gzip' | 'mixed';
  readonly dated: boolean;
  /** Rotated files that are kept. */
  readonly keep: number;
  /** Bytes of the same lines at the start of every generation. */
  readonly header: number;
  /** Every generation starts with a line of its own, and then over 4 KiB of the same lines. */
  readonly banner: boolean;
  /** The writer does not append: after copytruncate it leaves a hole. */
  readonly holes: boolean;
  readonly longLines: boolean;
}

export const styleOf = (random: Random): Style => {
  const rotation = random.pick([
    'rename',
    'gzip',
    'delayed-gzip',
    'copytruncate',
    'copy-gzip',
    'mixed',
  ] as const);
  return {
    rotation,
    dated: random.chance(0.25),
    keep: random.pick([0, 1, 2, 5, 9]),
    header: random.pick([0, 0, 100, 3000, 5000]),
    banner: random.chance(0.15),
    holes: rotation.startsWith('copy') && random.chance(0.2),
    longLines: random.chance(0.2),
  };
};

const LOG = 'app.log';
const HEADER = segment({ alg: 'HS256' });
const SIGNATURE = 'A'.repeat(43);
const FIRST_ID = 100_000;

function segment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** One line with a token of its own; lines of one kind are of one length. */
export const lineOf = (id: number, long: boolean): string => {
  const token = `${HEADER}.${segment({ user_id: id })}.${SIGNATURE}`;
  const filler = long ? 'x'.repeat(1500) : '';
  return `2026-01-01 00:00:00,000 - id=${id} Token: ${token} ${filler}END\n`;
};

const WHOLE_LINE = /id=(\d+) Token: \S+ x*END\n/g;

/** A writer and a rotator at work on one log. Operations of several steps can be stopped between two of them. */
export class World {
  readonly files: Files;
  readonly #random: Random;
  readonly #style: Style;
  readonly #steps: (() => void)[] = [];
  #nextId = FIRST_ID;
  #day = Date.UTC(2026, 0, 1);
  /** The file that the writer has open, and its position in it. */
  #target = LOG;
  #position = 0;
  #rest: string | null = null;

  constructor(files: Files, random: Random, style: Style) {
    this.files = files;
    this.#random = random;
    this.#style = style;
    this.#append(random.whole(0, 3));
  }

  /** One thing happens. */
  act(): void {
    const step = this.#random.chance(0.6) ? this.#steps.shift() : undefined;
    if (step !== undefined) step();
    else if (this.#steps.length > 0 || this.#random.chance(0.6)) this.#write();
    else if (this.#random.chance(0.75)) this.#rotate();
    else this.#accident();
  }

  /** What was begun comes to its end. */
  finish(): void {
    while (this.#steps.length > 0) this.#steps.shift()!();
    this.#append(1);
  }

  /** The lines that are on disk whole. */
  lines(): Set<number> {
    const found = new Set<number>();
    for (const name of this.files.names()) {
      const bytes = this.files.read(name);
      for (const [, id] of textOf(bytes).matchAll(WHOLE_LINE)) found.add(Number(id));
    }
    return found;
  }

  #write(): void {
    if (this.#random.chance(0.25) && this.#rest === null) this.#appendPart();
    else this.#append(this.#random.whole(1, 4));
  }

  #append(count: number): void {
    let text = this.#rest ?? '';
    this.#rest = null;
    for (let i = 0; i < count; i++) text += this.#newLine();
    if (text !== '' || count === 0) this.#put(text);
  }

  #appendPart(): void {
    const text = this.#newLine();
    const cut = text.indexOf('Token: ') + this.#random.whole(8, 60);
    this.#put(text.slice(0, cut));
    this.#rest = text.slice(cut);
  }

  #newLine(): string {
    return lineOf(this.#nextId++, this.#style.longLines && this.#random.chance(0.2));
  }

  #put(text: string): void {
    const exists = this.files.names().includes(this.#target);
    const size = exists ? this.files.read(this.#target).length : 0;
    const isNew = size === 0 && text !== '' && this.#rest === null;
    const bytes = Buffer.from(isNew ? this.#opening() + text : text);
    if (this.#style.holes && exists && this.#position > size) {
      this.files.writeAt(this.#target, bytes, this.#position);
      this.#position += bytes.length;
    } else {
      this.files.append(this.#target, bytes);
      this.#position = size + bytes.length;
    }
  }

  #opening(): string {
    const { header, banner } = this.#style;
    if (banner) return lineOf(this.#nextId++, false) + 'service is up and well\n'.repeat(200);
    return '# fields: time, user, token\n'.repeat(Math.ceil(header / 28));
  }

  #rotate(): void {
    const { rotation } = this.#style;
    const kind =
      rotation === 'mixed'
        ? this.#random.pick(['rename', 'gzip', 'copytruncate', 'copy-gzip'] as const)
        : rotation;
    if (!this.files.names().includes(LOG)) return;
    if (kind === 'delayed-gzip') {
      const last = this.files.names().find((name) => /[-.]\d+$/.test(name));
      if (last !== undefined) this.#gzip(last);
      while (this.#steps.length > 0) this.#steps.shift()!();
    }
    const name = this.#shift();
    if (kind.startsWith('copy')) this.#copyTruncate(name);
    else this.#renameAway(name);
    if (kind === 'gzip' || kind === 'copy-gzip') this.#steps.push(() => this.#gzip(name));
    this.#steps.push(() => this.#expire());
  }

  #renameAway(name: string): void {
    this.files.rename(LOG, name);
    this.#target = name;
    const create = (): void => {
      this.#rest = null;
      this.#target = LOG;
      this.#position = 0;
      this.files.append(LOG, Buffer.alloc(0));
    };
    // Until it is told, the writer goes on in the old file.
    if (this.#random.chance(0.5)) create();
    else this.#steps.push(create);
  }

  #copyTruncate(name: string): void {
    const half = (): void => {
      const bytes = this.files.read(LOG);
      this.files.put(name, bytes.subarray(0, this.#random.whole(0, bytes.length)));
    };
    const copy = (): void => this.files.put(name, this.files.read(LOG));
    const truncate = (): void => this.files.put(LOG, Buffer.alloc(0));
    if (this.#random.chance(0.5)) this.#steps.push(half, copy, truncate);
    else this.#steps.push(copy, truncate);
  }

  /** Compressing takes time: for a while there is a part of the new file beside the old one. */
  #gzip(name: string): void {
    if (!this.files.names().includes(name)) return;
    const packed = gzipSync(this.files.read(name));
    this.files.put(`${name}.gz`, packed.subarray(0, this.#random.whole(0, packed.length)));
    this.#steps.unshift(() => {
      this.files.put(`${name}.gz`, gzipSync(this.files.read(name)));
      this.files.remove(name);
    });
  }

  /** Makes room for the next rotated file and says how it is named. */
  #shift(): string {
    if (this.#style.dated) {
      this.#day += 86_400_000;
      return `${LOG}-${new Date(this.#day).toISOString().slice(0, 10).replaceAll('-', '')}`;
    }
    for (let n = 30; n > 0; n--) {
      for (const end of ['', '.gz']) {
        if (this.files.names().includes(`${LOG}.${n}${end}`)) {
          this.files.rename(`${LOG}.${n}${end}`, `${LOG}.${n + 1}${end}`);
        }
      }
    }
    return `${LOG}.1`;
  }

  /** The oldest go, as many as there are too many. */
  #expire(): void {
    const rotated = this.files.names().filter((name) => name !== LOG);
    const age = (name: string): number =>
      this.#style.dated ? -Number(/\d{8}/.exec(name)![0]) : Number(/\.(\d+)/.exec(name)![1]);
    const sorted = rotated.toSorted((a, b) => age(a) - age(b));
    for (const name of sorted.slice(this.#style.keep)) this.files.remove(name);
  }

  /** What nobody should do to a log. */
  #accident(): void {
    if (!this.files.names().includes(LOG)) return;
    const size = this.files.read(LOG).length;
    this.#rest = null;
    if (this.#random.chance(0.5)) this.files.put(LOG, Buffer.alloc(0));
    else {
      this.files.remove(LOG);
      this.files.append(LOG, Buffer.alloc(0));
    }
    this.#position = 0;
    while (this.#random.chance(0.8) && this.files.read(LOG).length <= size) this.#append(1);
  }
}

/** The text of a file; compressed ones may be cut off. */
const textOf = (bytes: Buffer): string => {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('latin1');
  try {
    return gunzipSync(bytes).toString('latin1');
  } catch {
    return '';
  }
};
