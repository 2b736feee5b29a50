import type { KernelModule } from '../../src/kernel/module.ts';
import { compileRsa, instantiateRsa } from '../../src/kernel/rsa-module.ts';
import { serviceMissing } from '../support/service.ts';

const find = (): KernelModule | null => {
  const compiled = compileRsa();
  if (compiled !== null && instantiateRsa(compiled) !== null) return compiled;
  const what = compiled === null ? 'Relaxed SIMD of WebAssembly' : 'Fused multiply-add';
  return serviceMissing(what, 'Node.js 20.20 or later has it, on processors since 2013 (FMA3).');
};

/** The file for RSA, null where it can't run, which is said aloud. */
export const RSA_MODULE: KernelModule | null = find();
