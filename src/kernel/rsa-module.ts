import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { WebAssembly, type Constant, type KernelModule } from './module.ts';

/** What the file for RSA exports; see assembly/rsa/rsa.ts. */
export interface RsaExports {
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly KEYS: Constant;
  readonly KEY_SIZE: Constant;
  readonly MOST_KEYS: Constant;
  readonly KEY_MODULUS: Constant;
  readonly KEY_INVERSE: Constant;
  readonly KEY_STEP: Constant;
  readonly KEY_DIGITS: Constant;
  readonly KEY_WEIGHT: Constant;
  readonly KEY_PADDING: Constant;
  readonly SIGNED: Constant;
  readonly SIGNED_SIZE: Constant;
  start(a: number, b: number): number;
  verifyTwo(slot: number): number;
}

/** From src/kernel and from every folder of dist the same way. */
const FILE = new URL('../../dist/kernel/rsa.wasm', import.meta.url);

/** Node 20 has relaxed SIMD, as it became a standard, behind a flag; later ones need none. */
const FLAG = 'experimental-wasm-relaxed-simd';
const NEEDS_FLAG = process.versions.node.startsWith('20.');

/** The compiled file, null where this Node.js can't run it. Not for several threads at once, which share flags. */
export const compileRsa = (): KernelModule | null => {
  try {
    compiled ??= compile(readFileSync(FILE));
    return compiled;
  } catch {
    return null;
  }
};

/** Whoever asks again gets the same. */
let compiled: KernelModule | null = null;

const compile = (bytes: Uint8Array): KernelModule => {
  if (!NEEDS_FLAG) return new WebAssembly.Module(bytes);
  setFlagsFromString(`--${FLAG}`);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    // What V8 keeps of compiled JavaScript counts only under the flags it was kept with.
    setFlagsFromString(`--no-${FLAG}`);
  }
};

/** An instance with memory of its own; null where there is none, or the machine does not round products and sums once. */
export const instantiateRsa = (module: KernelModule): RsaExports | null => {
  try {
    const exports = new WebAssembly.Instance(module).exports as RsaExports;
    return exports.start(...FACTORS) === 0 ? null : exports;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

/** Two digits whose product has as many bits as can be. */
const FACTORS = [2 ** 51 - 1, 2 ** 51 - 3] as const;
