import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { instantiate, type KernelModule } from '../../src/kernel/module.ts';
import { withSharedMemory } from '../../src/kernel/shared-memory.ts';
import { ROOT } from '../support/cli.ts';

const BUILT: Uint8Array = readFileSync(`${ROOT}dist/kernel/authlog.wasm`);

const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: { readonly Module: new (bytes: Uint8Array) => KernelModule };
};

const memoryOf = (bytes: Uint8Array): ArrayBufferLike =>
  instantiate(new WebAssembly.Module(bytes))!.memory.buffer;

test('the kernel has memory of its own, or such as threads may share: one byte tells them apart', () => {
  const before = Buffer.from(BUILT);
  const shared = withSharedMemory(BUILT);
  expect(before.equals(BUILT)).toBe(true);
  expect(shared.filter((byte, i) => byte !== BUILT[i])).toHaveLength(1);
  expect(memoryOf(BUILT)).toBeInstanceOf(ArrayBuffer);
  expect(memoryOf(shared)).toBeInstanceOf(SharedArrayBuffer);
});

test('what is no such module is refused', () => {
  for (const bytes of [Buffer.alloc(0), BUILT.subarray(0, 8), withSharedMemory(BUILT)]) {
    expect(() => withSharedMemory(bytes)).toThrow(RangeError);
  }
});

test('only a process that ends with its report has it', async () => {
  vi.stubEnv('AUTHLOG_NO_WASM', '');
  vi.resetModules();
  const kernel = await import('../../src/kernel/module.ts');
  kernel.keepMemoryToTheEnd();
  const { buffer } = kernel.instantiate(kernel.compileKernel()!)!.memory;
  expect(buffer).toBeInstanceOf(SharedArrayBuffer);
  vi.resetModules();
  const other = await import('../../src/kernel/module.ts');
  expect(other.instantiate(other.compileKernel()!)!.memory.buffer).toBeInstanceOf(ArrayBuffer);
  vi.unstubAllEnvs();
});
