import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { chainLine } from '../../src/record/chain.ts';
import { checkLog, type LogCheck } from '../../src/record/check-log.ts';
import { openEventLog } from '../../src/record/open.ts';
import { createRandom, type Random } from '../oracle/random.ts';
import { ROOT } from '../support/cli.ts';
import { tempFile, tempFolder } from '../support/folder.ts';
import { eventOf, readLog } from './events.ts';

const LENGTH = 24;

const recordChain = async (to: string, ...ids: readonly string[]): Promise<void> => {
  const file = await openEventLog(to, { chain: true, durability: 'none' });
  for (const id of ids) await file.append(eventOf(id, id.length));
  await file.close();
};

/** A chain as the recorder writes it. */
const makeChain = (): string[] => {
  const made: string[] = [];
  let prev: string | null = null;
  for (let seq = 1; seq <= LENGTH; seq++) {
    const event = { ...eventOf(`event-${seq}`, seq), writer: 'AAAAAAAAAAA', seq };
    const { line, hash } = chainLine(JSON.stringify(event), prev);
    made.push(line.toString('utf8').trimEnd());
    prev = hash;
  }
  return made;
};
const lines: readonly string[] = makeChain();
const log: Buffer = Buffer.from(`${lines.join('\n')}\n`);

const schema: object = JSON.parse(readFileSync(`${ROOT}schema/authlog.log-check-1.json`, 'utf8'));
const isDescribed = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);

const check = async (content: string | Uint8Array, expected?: string): Promise<LogCheck> => {
  const result = await checkLog([tempFile('log', content)], { expect: expected ?? null });
  isDescribed(JSON.parse(JSON.stringify(result)));
  expect(isDescribed.errors).toBeNull();
  return result;
};

const checkLines = (changed: readonly string[]): Promise<LogCheck> =>
  check(`${changed.join('\n')}\n`);

/** A record by somebody who makes right hashes. */
const forge = (line: string, members: object, prev: string | null): string => {
  const {
    prev: _prev,
    hash: _hash,
    writer,
    seq,
    ...event
  } = JSON.parse(line) as Record<string, unknown>;
  const json = JSON.stringify({ ...event, writer, seq, ...members });
  return chainLine(json, prev).line.toString('utf8').trimEnd();
};

const hashOf = (line: string): string => (JSON.parse(line) as { hash: string }).hash;

describe('an intact log', () => {
  test('has its numbers, times and head', async () => {
    expect(await check(log)).toMatchObject({
      intact: true,
      records: LENGTH,
      chains: 1,
      torn_lines: 0,
      first_time: '2023-09-22T10:00:00.000Z',
      head: hashOf(lines.at(-1)!),
      finding: null,
    });
    expect(await check('')).toMatchObject({ intact: true, records: 0, head: null });
    expect((await check(log.subarray(0, -1))).intact).toBe(true);
  });

  test('holds what was cut short by a crash, and continues behind it', async () => {
    const torn = [...lines.slice(0, 5), lines[5]!.slice(0, 100), ...lines.slice(5)];
    expect(await checkLines(torn)).toMatchObject({ intact: true, records: LENGTH, torn_lines: 1 });
    const tail = `${lines.join('\n')}\n${lines[0]!.slice(0, 200)}`;
    expect(await check(tail)).toMatchObject({ intact: true, records: LENGTH, torn_lines: 1 });
  });

  test('goes on through rotated files, and begins anew in a new one', async () => {
    const to = join(tempFolder(), 'events.jsonl');
    const file = await openEventLog(to, { chain: true });
    await file.append(eventOf('a'));
    renameSync(to, `${to}.1`);
    await file.reopen();
    await file.append(eventOf('b'));
    await file.close();
    renameSync(to, `${to}.2`);
    writeFileSync(`${to}.1.gz`, gzipSync(readFileSync(`${to}.1`)));
    await recordChain(to, 'c', 'd');
    const all = [`${to}.1.gz`, `${to}.2`, to];
    expect(await checkLog(all)).toMatchObject({ intact: true, records: 4, chains: 2 });
    expect(readLog(`${to}.1`, `${to}.2`).events.map(({ seq }) => seq)).toEqual([1, 2]);
    const [, middle] = all as [string, string];
    const late = await checkLog([middle, to]);
    expect(late).toMatchObject({ intact: false, finding: { kind: 'begins_late', line: 1 } });
    const after = hashOf(readFileSync(`${to}.1`, 'utf8'));
    expect((await checkLog([middle, to], { after })).intact).toBe(true);
    expect((await checkLog([to, `${to}.1`])).intact).toBe(true);
    expect((await checkLog([to, middle])).intact).toBe(false);
  });

  test('cut off at its end is told by a head that was noted', async () => {
    const head = hashOf(lines.at(-1)!);
    expect((await check(log, head)).intact).toBe(true);
    expect((await check(log, hashOf(lines[7]!))).intact).toBe(true);
    const shorter = `${lines.slice(0, -2).join('\n')}\n`;
    expect((await check(shorter)).intact).toBe(true);
    const found = await check(shorter, head);
    expect(found).toMatchObject({ intact: false, finding: { kind: 'truncated', line: null } });
  });
});

describe('names', () => {
  const at = (index: number, ...put: readonly string[]): string[] =>
    lines.toSpliced(index, 0, ...put);

  test.each<[string, () => readonly string[], string, number, string]>([
    [
      'a record that was edited',
      () => lines.with(16, lines[16]!.replace('192.0.2.7', '192.0.2.8')),
      'edited',
      17,
      'record 17 was edited',
    ],
    [
      'deleted records',
      () => lines.toSpliced(17, 2),
      'missing',
      18,
      '2 records are missing before line 18',
    ],
    [
      'the first one deleted',
      () => lines.slice(1),
      'begins_late',
      1,
      'begins in the middle of a chain',
    ],
    [
      'an inserted record with a right hash',
      () => at(18, forge(lines[17]!, { seq: 19 }, 'A'.repeat(43))),
      'inserted',
      19,
      'line 19 was inserted',
    ],
    [
      'a new chain that was inserted',
      () => at(18, forge(lines[0]!, { writer: 'another', seq: 1 }, null)),
      'inserted',
      19,
      'line 19 was inserted',
    ],
    [
      'an event without a hash',
      () => at(3, '{"schema":"authlog.event/1","event_id":"x"}'),
      'inserted',
      4,
      'line 4 was inserted',
    ],
    ['a copied record', () => at(9, lines[4]!), 'inserted', 10, 'line 10 was inserted'],
    ['an empty line', () => at(9, ''), 'inserted', 10, 'line 10 was inserted'],
    [
      'swapped records',
      () => lines.with(9, lines[10]!).with(10, lines[9]!),
      'moved',
      10,
      'record 11 was moved: it stands before record 10',
    ],
    [
      'an edited record with a right hash',
      () => lines.with(11, forge(lines[11]!, { ip: '192.0.2.9' }, hashOf(lines[10]!))),
      'unlinked',
      13,
      'record 12 was edited and its hash made anew, or what follows it was replaced',
    ],
    [
      'a record cut in two',
      () => lines.toSpliced(5, 1, lines[5]!.slice(0, 90), lines[5]!.slice(90)),
      'edited',
      6,
      'record 6 was cut short or edited',
    ],
    [
      'an edited record behind one cut short by a crash',
      () => lines.toSpliced(5, 1, lines[5]!.slice(0, 90), lines[5]!.replace('GET', 'PUT')),
      'edited',
      7,
      'record 6 was edited',
    ],
    [
      'a log without hashes',
      () => ['{"schema":"authlog.event/1","event_id":"x"}'],
      'unchained',
      1,
      'line 1 has no hash',
    ],
  ])('%s', async (_name, change, kind, line, message) => {
    const { finding, intact, records } = await checkLines(change());
    expect(intact).toBe(false);
    expect(finding).toMatchObject({ kind, line });
    expect(finding!.message).toContain(message);
    expect(records).toBeLessThanOrEqual(line - 1);
  });
});

describe('whatever is done to a log is found, and no record before it is blamed', () => {
  type Tampering = (random: Random) => string | Uint8Array;
  const pick = (random: Random): number => random.below(LENGTH);
  const joined = (changed: readonly string[]): string => `${changed.join('\n')}\n`;

  const TAMPERINGS: Readonly<Record<string, Tampering>> = {
    'a byte changed': (random) => {
      const bytes = Buffer.from(log);
      const at = random.below(bytes.length);
      bytes[at] = bytes[at]! ^ (1 + random.below(255));
      return bytes;
    },
    'a byte deleted': (random) => {
      // Without its last line break a log is still the same.
      const at = random.below(log.length - 1);
      return Buffer.concat([log.subarray(0, at), log.subarray(at + 1)]);
    },
    'a byte inserted': (random) => {
      const at = random.below(log.length);
      return Buffer.concat([
        log.subarray(0, at),
        Buffer.from([random.below(256)]),
        log.subarray(at),
      ]);
    },
    'records deleted': (random) => {
      const from = random.below(LENGTH - 1);
      return joined(lines.toSpliced(from, 1 + random.below(LENGTH - 1 - from)));
    },
    'forged records inserted': (random) => {
      const prev = random.pick([hashOf(lines[pick(random)]!), 'B'.repeat(43), null]);
      const writer = random.pick([{}, { writer: 'another' }]);
      const forged = [
        forge(lines[pick(random)]!, { seq: 1 + random.below(LENGTH + 2), ...writer }, prev),
      ];
      if (random.once(2)) forged.push(forge(forged[0]!, { seq: 2 }, hashOf(forged[0]!)));
      return joined(lines.toSpliced(pick(random), 0, ...forged));
    },
    'records swapped': (random) => {
      const from = random.below(LENGTH - 1);
      const to = from + 1 + random.below(LENGTH - 1 - from);
      return joined(lines.with(from, lines[to]!).with(to, lines[from]!));
    },
    'a record edited, with a right hash': (random) => {
      const at = random.below(LENGTH - 1);
      const prev = at === 0 ? null : hashOf(lines[at - 1]!);
      return joined(lines.with(at, forge(lines[at]!, { status: 403 }, prev)));
    },
  };

  test.each(Object.entries(TAMPERINGS))('%s', async (_name, tamper) => {
    const random = createRandom(17);
    for (let n = 0; n < 150; n++) {
      const tampered = Buffer.from(tamper(random));
      if (tampered.equals(log)) continue;
      const { finding } = await check(tampered);
      const changed = tampered.toString('latin1').split('\n');
      const original = log.toString('latin1').split('\n');
      const first = original.findIndex((line, index) => line !== changed[index]) + 1;
      expect(finding, changed.join('\n')).not.toBeNull();
      expect(finding!.line).toBeGreaterThanOrEqual(first);
      expect(finding!.line).toBeLessThanOrEqual(first + 1);
    }
  });
});
