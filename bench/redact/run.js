// How fast tokens are masked, beside reading, scanning and cat: npm run bench:redact [lines]
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { hmacSigner, linesOf, SECRET } from '../lines.js';
import { median } from '../statistics.js';
import { bundleStages } from '../bundle.js';

const lines = Number(process.argv[2] ?? 200_000);
const STAGES = ['redact/redact', 'scan/scanner', 'scan/spans', 'source/open', 'source/blocks'];
const RUNS = 5;
const BLOCK = 256 << 10;
const MAX_LINE = 1 << 20;
const folder = mkdtempSync(join(tmpdir(), 'authlog-bench-'));
const out = (line) => process.stdout.write(`${line}\n`);
const wasm = fileURLToPath(new URL('../../dist/kernel/authlog.wasm', import.meta.url));
const bin = fileURLToPath(new URL('../../bin/authlog.js', import.meta.url));

const plainLine = (i) =>
  `192.168.${i % 256}.${(i >> 8) % 256} - - [22/Sep/2023:10:00:00 +0000] "GET /api/v1/orders/${i}?page=${i % 20}&sort=created%20desc HTTP/1.1" 200 ${i % 5000} "https://shop.example.com/orders" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/117.0.0.0 Safari/537.36"\n`;

const tokenLog = (shape, distinct) => {
  const text = [];
  for (const line of linesOf({ shape, tokens: lines, distinct }, hmacSigner()))
    text.push(line.text);
  return text.join('');
};

const LOGS = {
  'article, tokens never seen before': () => tokenLog('article', lines),
  'article, each token 50 times': () => tokenLog('article', Math.ceil(lines / 50)),
  'JSON lines, each token 50 times': () => tokenLog('jsonl', Math.ceil(lines / 50)),
  'access log, each token 50 times': () => tokenLog('access', Math.ceil(lines / 50)),
  'access log, one line in ten has one': () =>
    tokenLog('access', Math.ceil(lines / 50))
      .split('\n')
      .map((line, i) => (i % 10 === 0 ? `${line}\n` : plainLine(i)))
      .join(''),
  'access log without tokens': () => Array.from({ length: lines }, (_, i) => plainLine(i)).join(''),
};

const part = (ms, of) => `${Math.round((100 * of) / ms)} %`;

const time = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

try {
  const path = await bundleStages(folder, STAGES);
  const require = createRequire(import.meta.url);
  const { LogRedactor } = require(path('redact/redact'));
  const { Scanner } = require(path('scan/scanner'));
  const kernel = new WebAssembly.Module(readFileSync(wasm));
  const { Spans } = require(path('scan/spans'));
  const { openInput } = require(path('source/open'));
  const { readBlocks } = require(path('source/blocks'));
  const sink = openSync('/dev/null', 'w');
  const secret = join(folder, 'secret');
  writeFileSync(secret, SECRET);

  const open = (file) =>
    openInput(
      { path: file, kind: 'file', size: null, mtime: null, mode: null },
      { stdin: Readable.from([]) },
    );

  /** Every block read and written as it is: cat in this language; `scan` looks for tokens on the way. */
  const pass = async (file, scan) => {
    const scanner = new Scanner(64 << 10);
    const spans = new Spans();
    for await (const block of readBlocks(open(file), { blockSize: BLOCK, maxLine: MAX_LINE })) {
      const { bytes, length } = block;
      spans.clear();
      if (scan) {
        for (let i = 0; i < length;) i = scanner.scanLine(bytes, i, length, spans) + 1;
      }
      writeSync(sink, bytes, 0, length);
    }
  };
  const redact = async (file) => {
    const options = { kernel, replace: 'signature', dropClaims: null, anonymizeIp: null };
    const redactor = new LogRedactor({ ...options, blockSize: BLOCK, maxLine: MAX_LINE });
    for await (const bytes of redactor.redact(open(file))) writeSync(sink, bytes);
  };
  const run = (program, ...args) =>
    execFileSync(program, args, { stdio: ['ignore', sink, 'ignore'] });
  const analyze = (file) =>
    run(
      process.execPath,
      bin,
      'analyze',
      file,
      '--secret-file',
      secret,
      '--threads',
      '1',
      '--json',
      '-q',
    );
  const redactFile = (file) => run(process.execPath, bin, 'redact', file, '-q');

  out(
    `${lines.toLocaleString('en')} lines, medians of ${RUNS} runs in MB/s, one core of ${cpus()[0]?.model ?? ''}\n`,
  );
  const columns = [
    'redact',
    'scan',
    'of scan',
    'read',
    '/bin/cat',
    'program',
    'analyze',
    'of analyze',
  ];
  out(`${''.padEnd(38)}${columns.map((name) => name.padStart(11)).join('')}`);
  for (const [name, make] of Object.entries(LOGS)) {
    const file = join(folder, 'bench.log');
    writeFileSync(file, make());
    const mb = statSync(file).size / 1e6;
    const works = [
      () => redact(file),
      () => pass(file, true),
      () => pass(file, false),
      () => run('/bin/cat', file),
      () => redactFile(file),
      () => analyze(file),
    ];
    const times = works.map(() => []);
    for (let i = 0; i <= RUNS; i++) {
      // In turns: what else the machine does meanwhile is shared by all; the first turn only warms up.
      for (const [k, work] of works.entries()) {
        const took = await time(work);
        if (i > 0) times[k].push(took);
      }
    }
    const [own, scan, read, cat, program, analysis] = times.map(median);
    const rate = (ms) => Math.round((mb * 1000) / ms).toLocaleString('en');
    const cells = [
      rate(own),
      rate(scan),
      part(own, scan),
      rate(read),
      rate(cat),
      rate(program),
      rate(analysis),
      part(program, analysis),
    ];
    out(`${name.padEnd(38)}${cells.map((cell) => cell.padStart(11)).join('')}`);
  }
  closeSync(sink);
  out('\nscan: blocks read, searched for tokens by the scanner, and written as they are.');
  out('read: the same without the search. program, analyze: authlog as a process, on one thread.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
