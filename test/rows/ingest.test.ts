import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Crash, LOG } from '../ingest/simulator/history.ts';
import { lines, Scripted, upTo } from '../ingest/simulator/scripted.ts';
import { lineOf } from '../ingest/simulator/world.ts';

/** A run that the process does not survive, at its n-th call of the file system or the store; false where it ends before. */
const crashAt = async (history: Scripted, n: number): Promise<boolean> => {
  let left = n;
  const onCall = (): void => {
    if (--left === 0) throw new Crash();
  };
  history.files.onRead = onCall;
  history.store.onCall = onCall;
  const crashed = await history.run().then(
    () => false,
    (error: unknown) => {
      if (error instanceof Crash) return true;
      throw error;
    },
  );
  history.files.onRead = () => undefined;
  history.store.onCall = () => undefined;
  return crashed;
};

describe('a run that is killed', () => {
  test('row 95: at any point of a run, the next one stores what is missing and nothing twice', async () => {
    let points = 0;
    for (let n = 1, crashed = true; crashed; n++) {
      const history = new Scripted();
      history.files.append('app.log', lines(1, 8));
      await history.run();
      history.files.append('app.log', lines(9, 12));
      history.files.rename('app.log', 'app.log.1');
      history.files.append('app.log', lines(13, 20));
      crashed = await crashAt(history, n);
      await history.run();
      expect(history.stored(), `crash at call ${n}`).toEqual(upTo(20));
      expect(history.store.lines, `crash at call ${n}`).toBe(20);
      points = n;
    }
    expect(points).toBeGreaterThan(50);
  });
});

describe('rotation', () => {
  test.each([1, 2, 3])(
    'row 98: renamed %i times between two runs, every line once',
    async (times) => {
      const history = new Scripted();
      const { files } = history;
      files.append('app.log', lines(1, 5));
      await history.run();
      let last = 5;
      for (let turn = 1; turn <= times; turn++) {
        files.append('app.log', lines(last + 1, last + 4));
        for (let n = turn - 1; n >= 1; n--) files.rename(`app.log.${n}`, `app.log.${n + 1}`);
        files.rename('app.log', 'app.log.1');
        files.append('app.log', Buffer.alloc(0));
        last += 4;
      }
      files.append('app.log', lines(last + 1, last + 2));
      expect(await history.run()).toMatchObject({ incomplete: [] });
      expect(history.stored()).toEqual(upTo(last + 2));
    },
  );

  test('row 98: what is written to a renamed file before anything newer is not lost', async () => {
    const history = new Scripted();
    const { files } = history;
    files.append('app.log', lines(1, 5));
    files.rename('app.log', 'app.log.1');
    files.append('app.log', Buffer.alloc(0));
    await history.run();
    files.append('app.log.1', lines(6, 7));
    await history.run();
    files.append('app.log', lines(8, 9));
    await history.run();
    expect(history.stored()).toEqual(upTo(9));
  });

  test('row 98: the last line of a rotated file counts without a line break, once something newer is there', async () => {
    const history = new Scripted();
    const { files } = history;
    files.append('app.log', lines(1, 2).subarray(0, -1));
    expect(await history.run()).toMatchObject({ held: 1 });
    expect(history.stored()).toEqual([1]);
    files.rename('app.log', 'app.log.1');
    files.append('app.log', lines(3, 3));
    expect(await history.run()).toMatchObject({ held: 0, incomplete: [] });
    expect(history.stored()).toEqual(upTo(3));
  });

  test('row 99: copied and truncated, every line that was there at the copy once', async () => {
    const history = new Scripted();
    const { files } = history;
    files.append('app.log', lines(1, 5));
    await history.run();
    files.append('app.log', lines(6, 9));
    files.put('app.log.1', files.read('app.log'));
    files.put('app.log', Buffer.alloc(0));
    files.append('app.log', lines(10, 12));
    expect(await history.run()).toMatchObject({ incomplete: [] });
    expect(history.stored()).toEqual(upTo(12));
  });

  test('row 99: a run between the copy and the truncation', async () => {
    const history = new Scripted();
    const { files } = history;
    files.append('app.log', lines(1, 5));
    await history.run();
    files.append('app.log', lines(6, 9));
    files.put('app.log.1', files.read('app.log').subarray(0, 700));
    await history.run();
    files.put('app.log.1', files.read('app.log'));
    // Written after the copy: only this run can still read it.
    files.append('app.log', lines(10, 11));
    await history.run();
    files.put('app.log', Buffer.alloc(0));
    files.append('app.log', lines(12, 13));
    expect(await history.run()).toMatchObject({ incomplete: [] });
    expect(history.stored()).toEqual(upTo(13));
  });

  test('row 99: a writer that leaves a hole of NUL bytes behind', async () => {
    const history = new Scripted();
    const { files } = history;
    files.append('app.log', lines(1, 5));
    await history.run();
    const size = files.read('app.log').length;
    files.put('app.log.1', files.read('app.log'));
    files.put('app.log', Buffer.alloc(0));
    files.writeAt('app.log', lines(6, 7), size);
    expect(await history.run()).toMatchObject({ incomplete: [] });
    expect(history.stored()).toEqual(upTo(7));
  });

  test('row 100: renamed and compressed, before and after it was read to its end', async () => {
    const history = new Scripted();
    const { files } = history;
    files.append('app.log', lines(1, 5));
    await history.run();
    files.append('app.log', lines(6, 9));
    files.put('app.log.1.gz', gzipSync(files.read('app.log')));
    files.remove('app.log');
    files.append('app.log', lines(10, 11));
    await history.run();
    expect(history.stored()).toEqual(upTo(11));
    files.rename('app.log.1.gz', 'app.log.2.gz');
    files.put('app.log.1.gz', gzipSync(files.read('app.log')));
    files.put('app.log', Buffer.alloc(0));
    expect(await history.run()).toMatchObject({ incomplete: [] });
    expect(history.stored()).toEqual(upTo(11));
  });

  test('row 100: while gzip is at work, the half of a file that it has written is no file', async () => {
    const history = new Scripted();
    const { files } = history;
    files.append('app.log.1', lines(1, 9));
    files.append('app.log.1.gz', gzipSync(files.read('app.log.1')).subarray(0, 40));
    files.append('app.log', lines(10, 11));
    expect(await history.run()).toMatchObject({ incomplete: [] });
    files.put('app.log.1.gz', gzipSync(files.read('app.log.1')));
    files.remove('app.log.1');
    expect(await history.run()).toMatchObject({ incomplete: [] });
    expect(history.stored()).toEqual(upTo(11));
  });

  test('row 101: truncated, and grown again beyond where it was read to', async () => {
    const history = new Scripted();
    const { files } = history;
    files.append('app.log', lines(1, 5));
    await history.run();
    files.put('app.log', Buffer.alloc(0));
    files.append('app.log', lines(6, 15));
    const { incomplete } = await history.run();
    expect(history.stored()).toEqual(upTo(15));
    expect(incomplete).toMatchObject([{ reason: 'changed', path: LOG }]);
    expect(await history.run()).toMatchObject({ incomplete: [] });
  });

  test('row 102: another file with the inode of the old one is read from its start', async () => {
    const history = new Scripted();
    const { files } = history;
    files.append('app.log', lines(1, 5));
    await history.run();
    files.remove('app.log');
    files.append('app.log', lines(6, 15));
    await history.run();
    expect(history.stored()).toEqual(upTo(15));
  });

  test('row 103: the same 3 kB at the head of every file, files of a few bytes, empty files', async () => {
    const header = Buffer.from('# fields: time, user, token\n'.repeat(110));
    for (const head of [header, Buffer.alloc(0)]) {
      const history = new Scripted();
      const { files } = history;
      files.append('app.log', head);
      await history.run();
      let last = 0;
      for (let turn = 1; turn <= 4; turn++) {
        // The second file gets no line of its own.
        if (turn !== 2) files.append('app.log', lines(last + 1, ++last));
        for (let n = turn - 1; n >= 1; n--) files.rename(`app.log.${n}`, `app.log.${n + 1}`);
        files.rename('app.log', 'app.log.1');
        files.append('app.log', head);
        if (turn % 2 === 0) await history.run();
      }
      files.append('app.log', lines(last + 1, ++last));
      expect(await history.run()).toMatchObject({ incomplete: [] });
      expect(history.stored()).toEqual(upTo(last));
    }
  });

  test('row 103: equal files are two files, and equal lines of two files two events', async () => {
    const history = new Scripted();
    const { files } = history;
    files.append('app.log.2', lines(1, 1));
    files.append('app.log.1', lines(1, 1));
    files.append('app.log', lines(2, 2));
    await history.run();
    expect(history.stored()).toEqual([1, 1, 2]);
  });

  test('row 104: what was rotated away before it was read is said to be unread, once', async () => {
    const history = new Scripted();
    const { files } = history;
    files.append('app.log', lines(1, 5));
    await history.run();
    files.append('app.log', lines(6, 9));
    files.remove('app.log');
    files.append('app.log', lines(10, 11));
    const read = lines(1, 5).length;
    const { incomplete } = await history.run();
    expect(incomplete).toEqual([
      {
        path: LOG,
        reason: 'changed',
        detail: `the ${LOG} that was read up to byte ${read} is gone: what was written to it after that is unread`,
      },
    ]);
    expect(await history.run()).toMatchObject({ incomplete: [] });
    expect(history.stored()).toEqual([1, 2, 3, 4, 5, 10, 11]);
  });

  test('row 104: what was read to its end may be deleted without a word', async () => {
    const history = new Scripted();
    const { files } = history;
    files.append('app.log.1', Buffer.from(lineOf(100_001, true)));
    files.append('app.log', lines(2, 2));
    await history.run();
    files.remove('app.log.1');
    expect(await history.run()).toMatchObject({ incomplete: [] });
    expect(history.stored()).toEqual([1, 2]);
  });
});
