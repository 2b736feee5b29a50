// Compiles assembly/ to one WebAssembly file: node scripts/build-kernel.js FILE
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = resolve(process.argv[2]);
const flags =
  '--outFile kernel.wasm --runtime stub --enable simd --noAssert -O3 --memoryBase 1024'.split(' ');
// A most size, so that whoever loads it may make its memory one that threads can share (src/kernel/shared-memory.ts).
flags.push('--maximumMemory', '65536');
const { error } = await asc.main(['assembly/kernel.ts', '--baseDir', root, ...flags], {
  stderr: process.stderr,
  writeFile: (_name, contents) => {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents);
  },
});
if (error !== null) process.exitCode = 1;
