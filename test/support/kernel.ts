import { compileKernel, type KernelModule } from '../../src/kernel/module.ts';

/** The kernel that was built, also where the rest of the suite does without it: what is about it needs it. */
export const compiledKernel = (): KernelModule => {
  const without = process.env['AUTHLOG_NO_WASM'];
  delete process.env['AUTHLOG_NO_WASM'];
  const kernel = compileKernel();
  if (without !== undefined) process.env['AUTHLOG_NO_WASM'] = without;
  if (kernel === null) throw new Error('dist has no kernel that runs here');
  return kernel;
};
