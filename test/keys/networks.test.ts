import { BlockList, isIP } from 'node:net';
import { expect, test } from 'vitest';
import { NetworkList } from '../../src/keys/networks.ts';
import { createRandom } from '../oracle/random.ts';

type Random = ReturnType<typeof createRandom>;

/** Few different bytes, so that addresses often share their networks. */
const quad = (random: Random): string =>
  Array.from({ length: 4 }, () => random.pick([0, 1, 10, 127, 128, 192, 255])).join('.');

const addressOf = (random: Random): string =>
  random.pick([quad(random), quad(random), `::ffff:${quad(random)}`, '2001:db8:1::7', '::1', '::']);

const NO_ADDRESSES = `
  . 1 1.2.3 1.2.3. .1.2.3 1..2.3 1.2.3.4.5 1.2.3.256 1.2.3.1000 01.2.3.4 1.2.3.04 00.0.0.0
  1.2.3.4/8 1.2.3.-4 +1.2.3.4 1.2.3.\u0664 0x1.2.3.4 1e1.2.3.4 a.b.c.d 4294967296 1:2 ::1::`
  .split(/\s+/)
  .concat('1.2.3.4 ', ' 1.2.3.4');

test('networks hold the addresses that a BlockList of node holds', () => {
  let held = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const random = createRandom(seed);
    const networks = new NetworkList();
    const oracle = new BlockList();
    for (let i = 0; i < 3; i++) {
      const address = addressOf(random);
      const isShort = isIP(address) === 4;
      const prefix = random.below((isShort ? 32 : 128) + 1);
      expect(networks.add(`${address}/${prefix}`)).toBe(true);
      oracle.addSubnet(address, prefix, isShort ? 'ipv4' : 'ipv6');
    }
    for (let i = 0; i < 100; i++) {
      const address = addressOf(random);
      const isIn = oracle.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
      expect([address, networks.has(address)]).toEqual([address, isIn]);
      held += Number(isIn);
    }
  }
  expect(held).toBeGreaterThan(2000);
  expect(held).toBeLessThan(18_000);
});

test('a text that is no address is in no network, and is none', () => {
  const all = new NetworkList();
  all.add('0.0.0.0/0');
  all.add('::/0');
  expect(all.has('255.0.10.1')).toBe(true);
  for (const text of NO_ADDRESSES) {
    expect([text, isIP(text)]).toEqual([text, 0]);
    expect([text, all.has(text)]).toEqual([text, false]);
    if (text !== '1.2.3.4/8') expect([text, all.add(text)]).toEqual([text, false]);
  }
});
