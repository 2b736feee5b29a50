// How many secrets a second are tried on a token: npm run bench:weak [lines]
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { bundleStages } from '../bundle.js';

const count = Number(process.argv[2] ?? 3_000_000);
const folder = mkdtempSync(join(tmpdir(), 'authlog-bench-'));
const list = join(folder, 'words.txt');
const out = (line) => process.stdout.write(`${line}\n`);

/** Words that are no base64 and no hexadecimal digits: each is one candidate. */
const wordAt = (i) => `p@ss.${(i * 2654435761) % 4294967296}!`;

const segment = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
const input = `${segment({ alg: 'HS256', typ: 'JWT' })}.${segment({ user_id: 12345, email: 'johndoe@example.com', exp: 1695376800 })}`;
const sample = {
  id: 'bench',
  alg: 'HS256',
  kid: null,
  input: Buffer.from(input),
  signature: createHmac('sha256', 'in no list').update(input).digest(),
  key: null,
  file: null,
  line: null,
  offset: null,
  time: Number.NaN,
};

const report = (name, rate) => out(`${name.padEnd(34)}${Math.round(rate).toLocaleString('en')}`);

const plainLoop = () => {
  const words = Array.from({ length: 100_000 }, (_, i) => wordAt(i));
  const start = performance.now();
  let tried = 0;
  for (; performance.now() - start < 2000; tried++) {
    createHmac('sha256', words[tried % words.length])
      .update(sample.input)
      .digest();
  }
  return (tried * 1000) / (performance.now() - start);
};

try {
  const chunks = [];
  for (let i = 0; i < count; i++) chunks.push(`${wordAt(i)}\n`);
  writeFileSync(list, chunks.join(''));
  chunks.length = 0;
  const path = await bundleStages(folder, ['weak/search', 'weak/worker']);
  const { searchWeakSecrets } = createRequire(import.meta.url)(path('weak/search'));
  const kernel = new WebAssembly.Module(
    readFileSync(new URL('../../dist/kernel/authlog.wasm', import.meta.url)),
  );
  const search = async (options) => {
    const start = performance.now();
    await searchWeakSecrets({ keys: null, samples: [sample], wordlists: [list], ...options });
    return performance.now() - start;
  };
  out(
    `candidates a second, one HS256 token of ${input.length} characters, ${cpus()[0]?.model ?? ''}\n`,
  );
  const python = fileURLToPath(new URL('guess.py', import.meta.url));
  report('Python hmac', Number(execFileSync('python3', [python, list, input, '3'])));
  report('node:crypto createHmac', plainLoop());
  for (const { how, module } of [
    { how: 'without the kernel', module: null },
    { how: 'authlog', module: kernel },
  ]) {
    const own = await search({ threads: 1, kernel: module, wordlists: [] });
    for (const threads of [1, 2]) {
      const took = await search({ threads, kernel: module });
      report(`${how}, ${threads} thread${threads === 1 ? '' : 's'}`, (count * 1000) / (took - own));
    }
    if (module !== null) out(`\nour own list takes ${Math.round(own)} ms`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
