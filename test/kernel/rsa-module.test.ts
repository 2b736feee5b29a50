import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { compileRsa, instantiateRsa } from '../../src/kernel/rsa-module.ts';
import { RsaPairs } from '../../src/kernel/rsa.ts';
import { ROOT } from '../support/cli.ts';
import { RSA_MODULE } from './fused.ts';

const BYTES = readFileSync(`${ROOT}dist/kernel/rsa.wasm`);

const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    Instance: new (module: object) => { readonly exports: object };
    readonly Module: (new (bytes: Uint8Array) => object) & {
      imports(module: object): readonly unknown[];
    };
  };
};
const { Instance } = WebAssembly;

afterEach(() => {
  WebAssembly.Instance = Instance;
  vi.doUnmock('node:fs');
  vi.resetModules();
});

describe.skipIf(RSA_MODULE === null)('the file for RSA', () => {
  test('asks nothing of whoever loads it, and is compiled once', () => {
    expect(WebAssembly.Module.imports(compileRsa()!)).toEqual([]);
    expect(compileRsa()).toBe(compileRsa());
  });

  test.each([
    [
      'missing',
      () => {
        throw new Error('ENOENT');
      },
    ],
    ['empty', () => Buffer.alloc(0)],
    ['damaged', () => BYTES.subarray(0, 500)],
  ])('that is %s is no failure', async (_name, readFile: () => Buffer) => {
    vi.resetModules();
    vi.doMock('node:fs', async (original) => ({
      ...(await original<object>()),
      readFileSync: readFile,
    }));
    const { compileRsa: compile } = await import('../../src/kernel/rsa-module.ts');
    expect(compile()).toBeNull();
  });

  test('leaves the flags of V8 as they were', () => {
    // Node 20 takes such a file only while the flag is set; what V8 has compiled it takes again, so a name is added.
    const other = Buffer.concat([BYTES, Buffer.from([0, 2, 1, 0x61])]);
    const isTaken = (): boolean => {
      try {
        compileRsa();
        void new WebAssembly.Module(other);
        return true;
      } catch {
        return false;
      }
    };
    expect(isTaken()).toBe(!process.versions.node.startsWith('20.'));
  });
});

describe.skipIf(RSA_MODULE === null)('an instance', () => {
  // What such a machine computes: the product is rounded before the sum is.
  const roundsTwice = (): object => ({ start: () => 0 });

  test('is none where the machine rounds products and sums on their own', () => {
    WebAssembly.Instance = class {
      readonly exports = roundsTwice();
    };
    expect(instantiateRsa(compileRsa()!)).toBeNull();
    expect(RsaPairs.create(compileRsa()!)).toBeNull();
  });

  test('is none where there are too few addresses, and any other failure is one', () => {
    const failsWith = (error: Error): void => {
      WebAssembly.Instance = class {
        readonly exports = {};
        constructor() {
          throw error;
        }
      };
    };
    failsWith(new RangeError('could not allocate memory'));
    expect(instantiateRsa(compileRsa()!)).toBeNull();
    failsWith(new TypeError('imports'));
    expect(() => instantiateRsa(compileRsa()!)).toThrow('imports');
  });

  test('is had where products are rounded once, large and small', () => {
    const exports = instantiateRsa(compileRsa()!)!;
    for (const [a, b] of [
      [2 ** 51 - 1, 2 ** 51 - 1],
      [1, 1],
      [0, 5],
      [2 ** 51 - 1, 1],
      [1_234_567_890_123_456, 2_111_111_111_111_111],
    ] as const) {
      expect(exports.start(a, b)).toBe(1);
    }
  });
});
