import { ROOT } from '../support/cli.ts';

/** Typed here: the types of the package change those of strings everywhere. */
interface Asc {
  main(
    args: readonly string[],
    options: { readonly writeFile: (name: string, contents: Uint8Array) => void },
  ): Promise<{ readonly error: Error | null }>;
}
const ASC = 'assemblyscript/asc';

/** As scripts/build-kernel.js compiles the kernel. */
const FLAGS = [
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--noAssert',
  '-O3',
  '--memoryBase',
  '1024',
];

/** Compiles a file of AssemblyScript, named from the project's root, to WebAssembly. */
export const compileAssembly = async (file: string): Promise<Uint8Array> => {
  const asc = (await import(ASC)) as Asc;
  let bytes: Uint8Array | null = null;
  const { error } = await asc.main([file, '--baseDir', ROOT, '--outFile', 'out.wasm', ...FLAGS], {
    writeFile: (_name, contents) => {
      bytes = contents;
    },
  });
  if (error !== null || bytes === null) throw error ?? new Error('nothing was written');
  return bytes;
};
