import { describe, expect, test } from 'vitest';
import { analyzed, eventsOf, tableOf } from '../support/judged.ts';
import { logOf, mint, NOW_S } from '../support/tokens.ts';

const EXP = `"exp":${NOW_S + 60}`;
/** A token whose `sub` is this JSON text. */
const withSub = (json: string): string => mint(`{"sub":${json},${EXP}}`);
const idsOf = async (tokens: readonly string[]): Promise<unknown[]> =>
  (await analyzed(logOf(...tokens), ['--sort', 'user'])).users.map(({ user_id, tokens: count }) => [
    user_id,
    count,
  ]);

describe('user ids', () => {
  test('row 78: the number 1 and the string "1" are different users', async () => {
    const tokens = ['1', '"1"', '1.0', '1e0', '"1.0"', '-0', '"0"'].map(withSub);
    expect(await idsOf(tokens)).toEqual([
      ['0', 1],
      ['1', 1],
      ['1.0', 1],
      [0, 1],
      [1, 3],
    ]);
    const table = await tableOf(logOf(...tokens));
    expect(table).toMatch(/^ 1 +- +3 /m);
    expect(table).toMatch(/^ "1" +- +1 /m);
    expect(table).toMatch(/^ "1\.0" +- +1 /m);
  });

  test('row 78: numbers beyond 2^53 are told apart and keep their digits', async () => {
    const digits = ['9007199254740993', '9007199254740992', '90071992547409930000'];
    const events = await eventsOf(logOf(...digits.map(withSub)));
    expect(events.map(({ user_id, user_id_type }) => [user_id, user_id_type])).toEqual(
      digits.map((text) => [text, 'number']),
    );
    expect((await analyzed(logOf(...digits.map(withSub)))).users).toHaveLength(3);
  });

  test('row 79: an id of another type, an empty one and none have rows of their own', async () => {
    const other = ['{}', '[]', '["ada"]', 'true', 'false'].map(withSub);
    const none = [mint(`{${EXP}}`), withSub('null')];
    const log = logOf(...other, withSub('""'), ...none, withSub('"(none)"'));
    const { users } = await analyzed(log);
    expect(
      users.map(({ user_id, user_id_type, tokens }) => [user_id, user_id_type, tokens]),
    ).toEqual([
      [null, 'non_string', 5],
      [null, 'none', 2],
      ['', 'string', 1],
      ['(none)', 'string', 1],
    ]);
    const table = await tableOf(log);
    for (const [label, count] of [
      ['\\(non-string\\)', 5],
      ['\\(none\\)', 2],
      ['\\(empty\\)', 1],
      ['"\\(none\\)"', 1],
    ] as const) {
      expect(table).toMatch(new RegExp(`^ ${label} +- +${count} `, 'm'));
    }
  });

  test('row 79: an id that is none is passed over for the next claim', async () => {
    const token = mint(`{"user_id":{},"sub":"","uid":null,"email":"ada@example.com",${EXP}}`);
    expect(await eventsOf(logOf(token))).toMatchObject([{ user_id: 'ada@example.com' }]);
  });

  test('row 80: ids are told apart by code unit: form, case and look-alikes', async () => {
    const ids = ['\u00E9', 'e\u0301', 'Ada', 'ada', '\u0430da', 'ada\u200B', 'ada ', '\uFF41da'];
    const tokens = ids.flatMap((id) => [withSub(JSON.stringify(id)), withSub(JSON.stringify(id))]);
    const { users } = await analyzed(logOf(...tokens));
    expect(users).toHaveLength(ids.length);
    expect(new Set(users.map(({ user_id }) => user_id))).toEqual(new Set(ids));
    for (const { tokens: count } of users) expect(count).toBe(2);
    const table = await tableOf(logOf(...tokens));
    expect(table).toContain(String.raw`ada\u{200B}`);
    expect(table).toContain('"ada "');
  });

  test('row 80: unpaired surrogates are told apart, escaped, and survive JSON', async () => {
    const escapes = [String.raw`"\ud800"`, String.raw`"\udbff"`, String.raw`"\udc00"`];
    const log = logOf(...escapes.map(withSub));
    const { users } = await analyzed(log, ['--sort', 'user']);
    expect(users.map(({ user_id }) => user_id)).toEqual(['\uD800', '\uDBFF', '\uDC00']);
    const events = await eventsOf(log);
    expect(events.map(({ user_id }) => user_id)).toEqual(['\uD800', '\uDBFF', '\uDC00']);
    const table = await tableOf(log);
    expect(table).toContain(String.raw`\u{D800}`);
    expect(table).not.toContain('\uFFFD');
  });

  test('row 80: bytes that are not UTF-8 are malformed, not merged into one user', async () => {
    const tokens = [0xff, 0xfe, 0xc0].map((byte) =>
      mint(Buffer.concat([Buffer.from('{"sub":"a'), Buffer.of(byte), Buffer.from('"}')])),
    );
    const { totals, users } = await analyzed(logOf(...tokens));
    expect(totals.verdicts.malformed).toBe(3);
    expect(users).toEqual([]);
    expect(await eventsOf(logOf(...tokens))).toMatchObject(
      tokens.map(() => ({ reason: 'payload_utf8' })),
    );
  });
});
