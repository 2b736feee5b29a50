import { expect, vi } from 'vitest';
import { Judge, type JudgeConfig } from '../../src/judge/judge.ts';
import { identitiesOf, NO_IDENTITY, type JudgedBlock } from '../../src/judge/judged.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import type { KernelModule } from '../../src/kernel/module.ts';
import { compileRsa } from '../../src/kernel/rsa-module.ts';
import type { KeyRing, VerificationKey } from '../../src/keys/key.ts';
import type { Identity } from '../../src/verify/identity.ts';
import { DEFAULT_USER_CLAIMS, type Policy } from '../../src/verify/policy.ts';
import { VERDICTS } from '../../src/verify/verdict.ts';
import { compiledKernel } from '../support/kernel.ts';
import { NOW, SECRET } from '../support/tokens.ts';

export const KERNEL: KernelModule = compiledKernel();

const HMACS = ['HS256', 'HS384', 'HS512'];

/** A shared secret as the ring has it. */
export const secretKey = (
  id: string,
  secret: string | Uint8Array,
  more: Partial<VerificationKey> = {},
): VerificationKey => ({
  id,
  kid: null,
  kty: 'oct',
  algs: HMACS,
  secret: Buffer.from(secret as string),
  jwk: null,
  notBefore: null,
  notAfter: null,
  ...more,
});

export const ringOf = (...keys: readonly VerificationKey[]): KeyRing => ({ keys, notices: [] });

export const RING: KeyRing = ringOf(secretKey('secret', SECRET));

export interface Setup {
  readonly ring?: KeyRing;
  readonly policy?: Partial<Policy>;
  readonly zone?: string;
}

export const configOf = ({ ring = RING, policy = {}, zone = 'UTC' }: Setup): JudgeConfig => ({
  ring,
  policy: {
    clock: 'use',
    now: Date.parse(NOW),
    leeway: 0,
    issuers: null,
    audiences: null,
    userClaims: DEFAULT_USER_CLAIMS,
    allowPadding: false,
    maxToken: 64 << 10,
    ...policy,
  },
  zone,
  year: null,
  since: Number.NaN,
  until: Number.NaN,
  pattern: null,
  events: false,
  audit: false,
  kernel: KERNEL,
  rsa: compileRsa(),
});

/** What a judge says of a log that is one block. */
export const judgeLog = (judge: Judge, log: string): JudgedBlock => {
  // Of its own: the columns are laid where the block was.
  const bytes = Uint8Array.from(Buffer.from(log));
  const block = { bytes, length: bytes.length, offset: 0, cut: false, torn: false };
  const reference = Date.parse(NOW);
  return judge.judge({ block, path: '-', reference, firstLine: 1, recorded: false });
};

export interface BlockOptions {
  readonly cut?: boolean;
  readonly torn?: boolean;
}

/** A judge, and the identities behind its numbers as numbers that all judges share. */
class Told {
  readonly #judge: Judge;
  readonly #identities: number[] = [];
  #forgotten = 0;

  constructor(config: JudgeConfig) {
    this.#judge = new Judge(config);
  }

  judge(log: Uint8Array, { cut = false, torn = false }: BlockOptions): JudgedBlock {
    // Each judge writes its answer over the block; behind the block lies what was there before.
    const bytes = new Uint8Array(log.length + 64).fill(0x41);
    bytes.set(log);
    const block = { bytes, length: log.length, offset: 0, cut, torn };
    const judged = this.#judge.judge({
      block,
      path: '-',
      reference: Date.parse(NOW),
      firstLine: 1,
      recorded: false,
    });
    for (const identity of identitiesOf(judged)) this.#identities.push(shared(identity));
    this.#forgotten = judged.firstIdentity;
    return judged;
  }

  identityOf(number: number): number {
    if (number === NO_IDENTITY) return -1;
    if (number < this.#forgotten) throw new Error('the number of an identity that was given up');
    return this.#identities[number] ?? Number.NaN;
  }
}

const known = new Map<string, number>();

/** A number for each different identity. */
const shared = ({ userIdType, userId, email, roles }: Identity): number => {
  // 0 and -0 are one user: they are printed alike.
  const text = JSON.stringify([userIdType, userId, email, roles]);
  let number = known.get(text);
  if (number === undefined) known.set(text, (number = known.size));
  return number;
};

const spelled = (shownNumber: number): string | undefined =>
  [...known.keys()][shownNumber] ?? undefined;

/** What the kernel took on since the last call of `take`. */
export interface Taken {
  readonly tokens: number;
  readonly blocks: number;
  readonly givenUp: number;
  /** Lines of its tokens whose time and status the host read. */
  readonly unread: number;
}

const nothing = { tokens: 0, blocks: 0, givenUp: 0, unread: 0 };
const taken = { ...nothing };
// oxlint-disable-next-line typescript/unbound-method
const judgeByKernel = Kernel.prototype.judge;
vi.spyOn(Kernel.prototype, 'judge').mockImplementation(function counted(this: Kernel, ...args) {
  const { onLine } = this;
  this.onLine = (facts) => {
    taken.unread++;
    onLine(facts);
  };
  const ranges = judgeByKernel.apply(this, args);
  this.onLine = onLine;
  taken.blocks++;
  if (ranges === null) taken.givenUp++;
  else taken.tokens += this.tokens;
  return ranges;
});

export const takeTaken = (): Taken => {
  const all = { ...taken };
  Object.assign(taken, nothing);
  return all;
};

/** A judge with the kernel and one without, which must say the same of every block. */
export class Twins {
  readonly #setup: Setup;
  readonly #fast: Told;
  readonly #slow: Told;

  constructor(setup: Setup = {}) {
    this.#setup = setup;
    const config = configOf(setup);
    this.#fast = new Told(config);
    this.#slow = new Told({ ...config, kernel: null });
  }

  /** Judges a block twice and returns what the slow one said, and how many tokens the kernel judged. */
  judge(
    log: string | Uint8Array,
    options: BlockOptions = {},
  ): { readonly judged: JudgedBlock; readonly kernel: number } {
    const bytes = typeof log === 'string' ? Buffer.from(log) : log;
    const { judged, kernel, difference } = this.#compare(bytes, options);
    if (difference !== null)
      expect.fail(this.#lineThatDiffers(bytes) ?? `${difference}\nin ${shown(bytes)}`);
    return { judged, kernel };
  }

  #compare(
    bytes: Uint8Array,
    options: BlockOptions,
  ): { readonly judged: JudgedBlock; readonly kernel: number; readonly difference: string | null } {
    const before = taken.tokens;
    const fast = this.#fast.judge(bytes, options);
    const kernel = taken.tokens - before;
    const judged = this.#slow.judge(bytes, options);
    return { judged, kernel, difference: this.#difference(fast, judged) };
  }

  /** A single line that shows the difference, where one does. */
  #lineThatDiffers(bytes: Uint8Array): string | null {
    for (const line of Buffer.from(bytes)
      .toString('latin1')
      .split(/(?<=\n)/)) {
      const one = Buffer.from(line, 'latin1');
      const { difference } = new Twins(this.#setup).#compare(one, {});
      if (difference !== null) return `${difference}\nin the line ${shown(one)}`;
    }
    return null;
  }

  #difference(fast: JudgedBlock, slow: JudgedBlock): string | null {
    for (const name of ['count', 'lines', 'linesWithToken', 'linesSkipped'] as const) {
      if (fast[name] !== slow[name]) return `${name}: ${fast[name]}, not ${slow[name]}`;
    }
    const notices = [noticesOf(fast), noticesOf(slow)];
    if (notices[0] !== notices[1]) return `notices: ${notices[0]}, not ${notices[1]}`;
    for (let i = 0; i < slow.count; i++) {
      const values = [this.#fast, this.#slow].map((told, which) => {
        const block = which === 0 ? fast : slow;
        return {
          verdict: block.verdicts[i]!,
          exp: block.expiries[i]!,
          time: block.times[i]!,
          high: block.fingerprints[i * 2]!,
          low: block.fingerprints[i * 2 + 1]!,
          key: block.keys[i]!,
          identity: told.identityOf(block.identities[i]!),
        };
      });
      const [a, b] = values as [Values, Values];
      for (const name of Object.keys(b) as (keyof Values)[]) {
        if (Object.is(a[name], b[name])) continue;
        return `token ${i}: ${name} is ${shownValue(name, a[name])}, not ${shownValue(name, b[name])}`;
      }
    }
    return null;
  }
}

interface Values {
  readonly verdict: number;
  readonly exp: number;
  readonly time: number;
  readonly high: number;
  readonly low: number;
  readonly key: number;
  readonly identity: number;
}

const shownValue = (name: keyof Values, value: number): string => {
  if (name === 'verdict') return String(VERDICTS[value]);
  return name === 'identity' ? String(spelled(value)) : String(value);
};

const noticesOf = ({ notices }: JudgedBlock): string =>
  notices
    .map(({ code, count }) => `${code} ${count}`)
    .toSorted()
    .join(', ');

const shown = (bytes: Uint8Array): string =>
  JSON.stringify(Buffer.from(bytes.subarray(0, 1500)).toString('latin1'));
