// Compiles assembly/ to two WebAssembly files: node scripts/build-kernel.js FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = resolve(process.argv[2]);

const compile = async (entry, file, flags) => {
  const all = `${entry} --outFile ${file} --runtime stub --enable simd --noAssert -O3 ${flags}`;
  const { error } = await asc.main([...all.split(' '), '--baseDir', root], {
    stderr: process.stderr,
    writeFile: (_name, contents) => {
      mkdirSync(target, { recursive: true });
      writeFileSync(join(target, file), contents);
    },
  });
  if (error !== null) process.exitCode = 1;
};

// A most size, so that whoever loads it may make its memory one that threads can share (src/kernel/shared-memory.ts).
await compile('assembly/kernel.ts', 'authlog.wasm', '--memoryBase 1024 --maximumMemory 65536');
// In a file of its own, which not every engine takes.
await compile(
  'assembly/rsa/rsa.ts',
  'rsa.wasm',
  '--enable relaxed-simd --memoryBase 256 --initialMemory 2',
);
