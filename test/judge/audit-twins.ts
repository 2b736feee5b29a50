import { expect, vi } from 'vitest';
import { unpackFacts } from '../../src/event/packed-facts.ts';
import { Judge, type JudgeConfig } from '../../src/judge/judge.ts';
import { NO_TEXT, USE_SIZE, UseField, type UseColumns } from '../../src/judge/uses.ts';
import { LineTexts } from '../../src/kernel/line-texts.ts';
import { configOf } from '../kernel/twins.ts';
import { NOW } from '../support/tokens.ts';

const CONFIG: JudgeConfig = { ...configOf({}), audit: true };

/** A judge whose numbers are told as what they stand for. */
class Told {
  readonly #judge: Judge;
  readonly #texts: string[] = [];
  readonly #tokens: string[] = [];
  #offset = 0;

  constructor(config: JudgeConfig) {
    this.#judge = new Judge(config);
  }

  /** The uses of a block, one text each. */
  judge(log: Buffer, torn: boolean): string[] {
    const bytes = new Uint8Array(log.length + 64).fill(0x41);
    bytes.set(log);
    const { audit } = this.#judge.judge({
      block: { bytes, length: log.length, offset: this.#offset, cut: false, torn },
      path: '-',
      reference: Date.parse(NOW),
      firstLine: 1,
      recorded: false,
    });
    this.#offset += log.length;
    const { newTexts, newTokens, count } = audit!;
    this.#texts.push(...newTexts);
    for (const token of unpackFacts(newTokens, (user) => user))
      this.#tokens.push(JSON.stringify(token));
    return Array.from({ length: count }, (_, i) => this.#told(audit!, i * USE_SIZE));
  }

  #told({ numbers, firstText, firstToken }: UseColumns, at: number): string {
    const told = Object.entries(UseField).map(([name, place]) => {
      const number = numbers[at + place]!;
      if (name === 'token') return number < firstToken ? 'given up' : this.#tokens[number];
      if (!TEXTS.has(name) || number === NO_TEXT) return `${name}=${number}`;
      return `${name}=${number < firstText ? 'given up' : JSON.stringify(this.#texts[number])}`;
    });
    return told.join(' ');
  }
}

const TEXTS: ReadonlySet<string> = new Set([
  'reason',
  'ip',
  'userAgent',
  'method',
  'path',
  'event',
]);

/** Lines that the kernel told of, and those that it left to the slow way. */
export interface Counts {
  readonly read: number;
  readonly left: number;
}

const counts = { read: 0, left: 0 };
// oxlint-disable-next-line typescript/unbound-method
const write = LineTexts.prototype.write;
vi.spyOn(LineTexts.prototype, 'write').mockImplementation(function counted(
  this: LineTexts,
  ...args
) {
  const isRead = write.apply(this, args);
  counts[isRead ? 'read' : 'left']++;
  return isRead;
});

export const takeCounts = (): Counts => {
  const taken = { ...counts };
  Object.assign(counts, { read: 0, left: 0 });
  return taken;
};

/** Two judges that must tell an audit the same of every block, whoever reads the lines. */
export class AuditTwins {
  readonly #fast: Told;
  readonly #slow: Told;

  constructor(more: Partial<JudgeConfig> = {}) {
    this.#fast = new Told({ ...CONFIG, ...more });
    this.#slow = new Told({ ...CONFIG, ...more, kernel: null });
  }

  /** Returns how many uses there were. */
  judge(log: string | Buffer, torn = false): number {
    const bytes = typeof log === 'string' ? Buffer.from(log, 'latin1') : log;
    const fast = this.#fast.judge(bytes, torn);
    const slow = this.#slow.judge(bytes, torn);
    const differs = slow.findIndex((use, i) => use !== fast[i]);
    if (differs >= 0) {
      const line = Number(/ line=(\d+)/.exec(slow[differs]!)?.[1]);
      expect(fast[differs], bytes.toString('latin1').split('\n')[line]).toBe(slow[differs]);
    }
    expect(fast.length).toBe(slow.length);
    return slow.length;
  }
}
