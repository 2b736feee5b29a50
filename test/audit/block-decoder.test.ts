import { expect, test } from 'vitest';
import { BlockDecoder } from '../../src/audit/block-decoder.ts';
import { exampleEvent } from '../../src/audit/examples.ts';
import { useOfEvent } from '../../src/audit/from-event.ts';
import { packFacts } from '../../src/event/packed-facts.ts';
import { Columns } from '../../src/judge/columns.ts';
import { NO_SPELLINGS } from '../../src/verify/identities.ts';
import type { JudgedBlock } from '../../src/judge/judged.ts';
import { USE_SIZE, UseField, type UseColumns } from '../../src/judge/uses.ts';

interface Told {
  /** The numbers of the tokens, and of the addresses, that the block's uses have. */
  readonly tokens: readonly number[];
  readonly texts: readonly number[];
  readonly firstToken: number;
  readonly newTokens: readonly string[];
  readonly firstText: number;
  readonly newTexts: readonly string[];
}

const blockOf = ({ tokens, texts, newTokens, ...told }: Told): JudgedBlock => {
  const numbers = new Float64Array(tokens.length * USE_SIZE).fill(-1);
  for (const [i, token] of tokens.entries()) {
    numbers[i * USE_SIZE + UseField.token] = token;
    numbers[i * USE_SIZE + UseField.ip] = texts[i]!;
    numbers[i * USE_SIZE + UseField.verdict] = 0;
  }
  const facts = newTokens.map((id) => useOfEvent(exampleEvent({ token_id: id }, 1)).token!);
  const audit: UseColumns = {
    ...told,
    count: tokens.length,
    numbers,
    newTokens: packFacts(facts),
    samples: [],
  };
  return {
    ...new Columns().copy(0, new ArrayBuffer(0)),
    lines: tokens.length,
    linesWithToken: tokens.length,
    linesSkipped: 0,
    count: tokens.length,
    firstIdentity: 0,
    newSpellings: NO_SPELLINGS,
    newIdentities: [],
    notices: [],
    events: null,
    audit,
  };
};

test('a judge of two logs numbers tokens and texts anew before the uses of an earlier block are asked for', () => {
  const first = blockOf({
    tokens: [0, 1],
    texts: [1, 0],
    firstToken: 0,
    newTokens: ['one', 'two'],
    firstText: 0,
    newTexts: ['192.0.2.1', '192.0.2.2'],
  });
  const second = blockOf({
    tokens: [2, 1],
    texts: [1, 2],
    firstToken: 1,
    newTokens: ['three'],
    firstText: 1,
    newTexts: ['192.0.2.3'],
  });
  const third = blockOf({
    tokens: [3, 3],
    texts: [3, 3],
    firstToken: 3,
    newTokens: ['four'],
    firstText: 3,
    newTexts: ['192.0.2.4'],
  });
  const decoder = new BlockDecoder(null, null);
  for (const block of [first, second, third]) decoder.take(block, 1);
  const told = (block: JudgedBlock, path: string): unknown =>
    decoder.uses(block, 1, { path, firstLine: 1 }).map(({ token, ip }) => `${token!.id} ${ip}`);
  expect(told(second, 'b.log')).toEqual(['three 192.0.2.2', 'two 192.0.2.3']);
  expect(told(third, 'b.log')).toEqual(['four 192.0.2.4', 'four 192.0.2.4']);
  expect(told(first, 'a.log')).toEqual(['one 192.0.2.2', 'two 192.0.2.1']);
});
