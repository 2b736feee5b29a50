import type { KeyRing, VerificationKey } from '../keys/key.ts';
import { verifyAsymmetric } from '../verify/asymmetric.ts';
import type { KernelExports, KernelModule } from './module.ts';
import { RSA_SIGNATURE_SIZE, RsaPairs } from './rsa.ts';

/** Signatures under one header that pay for making `RsaPairs` ready. */
const WORTH_PAIRS = 256;

/** The public keys of a header, and how signatures are checked with them. */
interface Check {
  readonly alg: string;
  readonly keys: readonly VerificationKey[];
  /** Of the key, where signatures are checked two at a time. */
  slot: number | null;
  count: number;
  /** The first of two. */
  waiting: Signed | null;
}

/** A token in the kernel's memory. */
interface Signed {
  readonly record: number;
  readonly inputStart: number;
  readonly inputEnd: number;
  readonly signatureStart: number;
  readonly signatureEnd: number;
}

/** Checks the signatures that the kernel leaves to the host, those under public keys. */
export class SignatureChecks {
  readonly #exports: KernelExports;
  readonly #ring: KeyRing;
  /** By the place of the header. */
  readonly #checks = new Map<number, Check>();
  /** Null: all one by one. */
  #module: KernelModule | null;
  #pairs: RsaPairs | null = null;

  constructor(exports: KernelExports, ring: KeyRing, rsa: KernelModule | null) {
    this.#exports = exports;
    this.#ring = ring;
    this.#module = rsa;
  }

  /** Takes on the header at `place`, in the stead of one that was there. */
  add(place: number, alg: string, keys: readonly VerificationKey[]): void {
    this.#checks.set(place, { alg, keys, slot: null, count: 0, waiting: null });
  }

  /** Checks the signatures that wait, of tokens in the kernel's `memory`. */
  run(memory: Uint8Array): void {
    while (this.#exports.nextCheck() !== 0) {
      const check = this.#checks.get(this.#exports.checkedHeader.value)!;
      const signed = this.#next();
      check.count++;
      const size = signed.signatureEnd - signed.signatureStart;
      if (check.slot === null || size !== RSA_SIGNATURE_SIZE) this.#checkOne(check, signed, memory);
      else if (check.waiting === null) check.waiting = signed;
      else this.#checkTwo(check, check.slot, check.waiting, signed, memory);
    }
    for (const [place, check] of this.#checks) {
      if (check.waiting !== null) this.#checkOne(check, check.waiting, memory);
      check.waiting = null;
      if (check.slot === null && check.count >= WORTH_PAIRS) this.#pairUp(place, check);
    }
  }

  #next(): Signed {
    const { checkedRecord, inputStart, inputEnd, signatureStart, signatureEnd } = this.#exports;
    return {
      record: checkedRecord.value,
      inputStart: inputStart.value,
      inputEnd: inputEnd.value,
      signatureStart: signatureStart.value,
      signatureEnd: signatureEnd.value,
    };
  }

  /** From the next batch on, the kernel hashes what is signed under this header, and there are pairs. */
  #pairUp(place: number, check: Check): void {
    // Asked once.
    check.count = -Infinity;
    if (check.alg !== 'RS256' || check.keys.length !== 1) return;
    if (this.#module !== null) this.#pairs = RsaPairs.create(this.#module);
    this.#module = null;
    check.slot = this.#pairs?.slotOf(check.keys[0]!) ?? null;
    if (check.slot !== null) this.#exports.hashInputsOf(place);
  }

  #checkTwo(check: Check, slot: number, first: Signed, second: Signed, memory: Uint8Array): void {
    check.waiting = null;
    const { signatureStart } = first;
    const verified = this.#pairs!.verifyTwo(slot, memory, signatureStart, second.signatureStart);
    this.#settle(check, first, (verified & 1) !== 0, memory);
    this.#settle(check, second, (verified & 2) !== 0, memory);
  }

  /** OpenSSL has the last word: what is told as forged, it has refused. */
  #settle(check: Check, signed: Signed, isVerified: boolean, memory: Uint8Array): void {
    if (!isVerified) return this.#checkOne(check, signed, memory);
    this.#exports.settleCheck(signed.record, this.#ring.keys.indexOf(check.keys[0]!));
  }

  #checkOne({ alg, keys }: Check, signed: Signed, memory: Uint8Array): void {
    const input = memory.subarray(signed.inputStart, signed.inputEnd);
    const signature = memory.subarray(signed.signatureStart, signed.signatureEnd);
    const key = verifyAsymmetric(alg, keys, input, signature);
    this.#exports.settleCheck(signed.record, key === null ? -1 : this.#ring.keys.indexOf(key));
  }
}
