import { describe, expect, test } from 'vitest';
import { logNames } from '../../src/source/rotation.ts';

describe('logs of a directory', () => {
  test('numbered rotations come oldest first, by number and not by text', () => {
    const names = ['auth.log', 'auth.log.1', 'auth.log.10.gz', 'auth.log.2.gz', 'auth.log.9.zst'];
    expect(logNames(names)).toEqual([
      'auth.log.10.gz',
      'auth.log.9.zst',
      'auth.log.2.gz',
      'auth.log.1',
      'auth.log',
    ]);
  });

  test('dated rotations come oldest first, in each usual spelling', () => {
    expect(logNames(['a.log', 'a.log-20231002.gz', 'a.log-20230930', 'a.log-20231001.xz'])).toEqual(
      ['a.log-20230930', 'a.log-20231001.xz', 'a.log-20231002.gz', 'a.log'],
    );
    expect(logNames(['a.log', 'a.log.2023-10-02', 'a.log.2023-10-01.bz2'])).toEqual([
      'a.log.2023-10-01.bz2',
      'a.log.2023-10-02',
      'a.log',
    ]);
    expect(logNames(['a.log-2023100112', 'a.log-2023100109', 'a.log-1696118400'])).toHaveLength(3);
  });

  test('families stay together', () => {
    expect(logNames(['b.log', 'a.log', 'b.log.1', 'a.log.1', 'c.jsonl', 'd.json'])).toEqual([
      'a.log.1',
      'a.log',
      'b.log.1',
      'b.log',
      'c.jsonl',
      'd.json',
    ]);
  });

  test('other files are left alone', () => {
    const others = [
      'notes.txt',
      'auth.log~',
      'auth.log.swp',
      '.auth.log',
      '.log',
      'log',
      'auth.log.gz.tmp',
      'auth.log.1.2',
      'blog',
      'package.json5',
      'dump.gz',
    ];
    expect(logNames(others)).toEqual([]);
  });

  test('a name is matched whole, even with a newline in it', () => {
    expect(logNames(['a\nb.log', 'a.log\nx'])).toEqual(['a\nb.log']);
  });
});
