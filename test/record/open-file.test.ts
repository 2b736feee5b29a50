import { appendFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { OpenFile } from '../../src/record/open-file.ts';
import { tempFolder } from '../support/folder.ts';

const line = (id: string): Buffer => Buffer.from(`{"event_id":"${id}"}\n`);

const openFile = (): OpenFile => {
  const file = new OpenFile(join(tempFolder(), 'events.jsonl'));
  onTestFinished(() => file.close());
  return file;
};

test('a line is known to be glued to half a line that came before the last look', () => {
  const file = openFile();
  file.write(line('a'));
  // Another process is killed in the middle of its write, between our write and our look.
  appendFileSync(file.path, '{"event_id":"ha');
  expect(file.beginsLine(line('a'))).toBe(true);
  file.write(line('b'));
  expect(file.beginsLine(line('b'))).toBe(false);
  file.write(line('b'));
  expect(file.beginsLine(line('b'))).toBe(true);
});

test('lines of other processes between ours do not make ours glued', () => {
  const file = openFile();
  for (const id of ['a', 'b', 'c']) {
    appendFileSync(file.path, line(`before-${id}`));
    file.write(line(id));
    appendFileSync(file.path, line(`after-${id}`));
    expect(file.beginsLine(line(id))).toBe(true);
  }
});

test('a file that was emptied holds our next line at its very start', () => {
  const file = openFile();
  file.write(line('a'));
  expect(file.beginsLine(line('a'))).toBe(true);
  truncateSync(file.path);
  file.write(line('b'));
  expect(file.beginsLine(line('b'))).toBe(true);
  appendFileSync(file.path, '{"ha');
  file.write(line('c'));
  expect(file.beginsLine(line('c'))).toBe(false);
});
