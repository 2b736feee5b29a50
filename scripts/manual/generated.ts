import { Readable, Writable } from 'node:stream';
import { describeProgram } from '../../src/cli/describe.ts';
import { bashCompletion } from '../../src/manual/bash.ts';
import { fishCompletion } from '../../src/manual/fish.ts';
import { manualPages } from '../../src/manual/page.ts';
import { zshCompletion } from '../../src/manual/zsh.ts';

/** Of the pages: changed by hand with what they say, so that two makings are the same. */
const DATE = '2026-11-27';

/** Every file that is made of the commands' definitions, by its path in the package. */
export const manualFiles = async (version: string): Promise<ReadonlyMap<string, string>> => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const program = await describeProgram({
    argv: [],
    env: {},
    stdin: Readable.from([]),
    stdout: nowhere,
    stderr: nowhere,
    cwd: () => '/',
  });
  return new Map([
    ['completions/authlog.bash', bashCompletion(program)],
    ['completions/_authlog', zshCompletion(program)],
    ['completions/authlog.fish', fishCompletion(program)],
    ...[...manualPages(program, { version, date: DATE })].map(([name, text]): [string, string] => [
      `man/${name}`,
      text,
    ]),
  ]);
};
