import { describe, expect, test } from 'vitest';
import { agentFamily, createNetworks, networkOf } from '../../src/audit/network.ts';
import type { Use } from '../../src/audit/use.ts';
import { CountWindow, DistinctWindow, KeyedState } from '../../src/audit/window.ts';
import { createRandom } from '../oracle/random.ts';

const use = (time: number): Use => ({ time }) as Use;

describe('windows keep little and answer as if they kept all', () => {
  test('so many uses within a span, against a look at all of them', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = createRandom(seed);
      const [span, least] = [10 + random.below(50), 1 + random.below(6)];
      const window = new CountWindow(span, least);
      const times: number[] = [];
      let time = 0;
      for (let i = 0; i < 200; i++) {
        time += random.below(20);
        times.push(time);
        const within = times.filter((other) => time - other < span);
        const reached = window.add(use(time));
        expect(reached !== null).toBe(within.length >= least);
        if (reached !== null) {
          expect(reached.map((one) => one.time)).toEqual(within.slice(-least));
        }
      }
    }
  });

  test('so many different values within a span, against a look at all of them', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = createRandom(seed);
      const [span, least] = [10 + random.below(80), 1 + random.below(5)];
      const window = new DistinctWindow(span, least);
      const all: { time: number; value: string }[] = [];
      let time = 0;
      for (let i = 0; i < 200; i++) {
        time += random.below(15);
        const value = `v${random.below(7)}`;
        all.push({ time, value });
        const within = new Set(all.filter((one) => time - one.time < span).map((one) => one.value));
        expect(window.add(value, use(time)) !== null).toBe(within.size >= least);
      }
    }
  });
});

describe('state by key', () => {
  test('outlives its span only where it is asked for', () => {
    let bounds = 0;
    const state = new KeyedState(
      100,
      1000,
      () => ({ n: 0 }),
      () => bounds++,
    );
    state.at('a', 0).n = 1;
    state.at('b', 0).n = 2;
    expect(state.peek('a', 99)?.n).toBe(1);
    expect(state.peek('a', 150)?.n).toBe(1);
    expect(state.peek('a', 249)?.n).toBe(1);
    expect(state.peek('b', 350)).toBeUndefined();
    expect(bounds).toBe(0);
  });

  test('never holds more than it may, and tells where that cost something', () => {
    let bounds = 0;
    const state = new KeyedState(
      1e9,
      10,
      () => ({}),
      () => bounds++,
    );
    for (let i = 0; i < 1000; i++) state.at(`k${i}`, i);
    expect([...state.values()].length).toBeLessThanOrEqual(10);
    expect(bounds).toBeGreaterThan(0);
  });
});

describe('networks and programs', () => {
  test.each([
    ['192.0.2.77', '192.0.2.0/24'],
    ['::ffff:192.0.2.77', '192.0.2.0/24'],
    ['2001:db8:1:2::3', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['not an address', 'not an address'],
  ])('%s lies in %s', (ip, network) => expect(networkOf(ip)).toBe(network));

  test.each([
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/120.0 Safari/537 Edg/120.0',
      'edge on windows',
    ],
    [
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 Chrome/119.0 Mobile Safari/537',
      'chrome on android',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604',
      'safari on ios',
    ],
    ['curl/8.5.0', 'curl'],
    ['', 'other'],
  ])('%s is %s', (agent, family) => expect(agentFamily(agent)).toBe(family));

  test('addresses and networks of both kinds are known again, others are refused', () => {
    const networks = createNetworks(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'], 'test');
    for (const ip of ['10.9.9.9', '192.0.2.1', '2001:db8:9::1'])
      expect(networks.has(ip)).toBe(true);
    for (const ip of ['11.0.0.1', '192.0.2.2', '2001:db9::1', 'x']) {
      expect(networks.has(ip)).toBe(false);
    }
    for (const wrong of ['10.0.0.0/33', 'host', '1.2.3']) {
      expect(() => createNetworks([wrong], 'test')).toThrow('is no address or network');
    }
  });
});
