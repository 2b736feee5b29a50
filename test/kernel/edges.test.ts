import { describe, expect, test } from 'vitest';
import { createRandom } from '../oracle/random.ts';
import { claims, hmac, lineOf, logOf, mint, NOW_S, SECRET, segment } from '../support/tokens.ts';
import { OTHER_SECRET } from './random-tokens.ts';
import { KERNEL, ringOf, secretKey, takeTaken, Twins } from './twins.ts';

const ALGS = ['HS256', 'HS384', 'HS512'] as const;
const HEADER = segment({ alg: 'HS256' });

const users = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => mint({ sub: `u${from + i}`, exp: NOW_S }));

/** Tokens that the kernel judged of a block. */
const kernelTokens = (twins: Twins, log: string | Uint8Array): number => twins.judge(log).kernel;

test('the kernel runs on this machine, or none of these tests says anything', () => {
  expect(KERNEL).not.toBeNull();
});

describe('plain logs are judged by the kernel, every token of them', () => {
  test.each(ALGS)('%s', (alg) => {
    for (const count of [1, 2, 31, 32, 33, 64, 65, 1000]) {
      const tokens = Array.from({ length: count }, (_, i) => mint(claims({ sub: i }), { alg }));
      expect(kernelTokens(new Twins(), logOf(...tokens))).toBe(count);
    }
  });

  test('valid, expired, not yet valid, forged, without an end, in one log', () => {
    const tokens = [
      mint(claims()),
      mint(claims({ exp: NOW_S })),
      mint(claims({ nbf: NOW_S + 1 })),
      mint(claims(), { secret: 'another' }),
      mint({ sub: 'ada' }),
      mint(claims({ exp: NOW_S * 1000 })),
    ];
    const { judged, kernel } = new Twins().judge(logOf(...tokens));
    expect(kernel).toBe(6);
    expect([...judged.verdicts]).toEqual([0, 1, 2, 3, 0, 0]);
  });

  test('between odd lines, and the order stays', () => {
    const lines = users(300).map((token, i) =>
      i % 7 === 3 ? `odd ${token}= ${token} Token: x` : lineOf(`Token: ${token}`),
    );
    expect(kernelTokens(new Twins(), lines.join('\n'))).toBe(257);
  });
});

describe('where a block begins and ends', () => {
  const [first, second] = users(2) as [string, string];
  const log = `${first}\r\n\n${lineOf(`Token: ${second}`)}\n\r\nToken: ${first}\n${second} Token: `;

  test('a block of no bytes', () => {
    expect(new Twins().judge('').judged.lines).toBe(0);
  });

  test('every beginning of a log, whole, cut and torn', () => {
    const twins = new Twins();
    for (let length = 0; length <= log.length; length++) {
      for (const options of [{}, { cut: true }, { torn: true }]) {
        twins.judge(log.slice(0, length), options);
      }
    }
  });

  test('every end of a log', () => {
    const twins = new Twins();
    for (let from = 0; from <= log.length; from++) twins.judge(log.slice(from));
  });

  test('a short block after a long one does not see what the long one left', () => {
    const twins = new Twins();
    const long = logOf(...users(2000));
    for (let length = 1; length < 300; length += 7) {
      twins.judge(long);
      twins.judge(long.slice(0, length));
      twins.judge(long.slice(0, length), { torn: true });
    }
  });
});

describe('sizes', () => {
  const PADDED = '{"sub":"ada","pad":""}';

  /** A token of exactly `length` characters of signing input, null where there is none. */
  const ofLength = (length: number, alg: string): string | null => {
    const header = segment({ alg });
    const bytes = Math.floor(((length - header.length - 1) * 3) / 4);
    if (bytes < PADDED.length) return null;
    const body = segment(PADDED.replace('""', `"${'p'.repeat(bytes - PADDED.length)}"`));
    const input = `${header}.${body}`;
    return input.length === length ? `${input}.${hmac(alg, input)}` : null;
  };

  test.each(ALGS)('%s: signing inputs of every length to 4096, right and forged', (alg) => {
    const twins = new Twins();
    let made = 0;
    let judged = 0;
    for (let from = 0; from <= 4096; from += 128) {
      const tokens: string[] = [];
      for (let length = from; length < from + 128; length++) {
        const token = ofLength(length, alg);
        if (token !== null) tokens.push(token, token.slice(0, -9) + 'A'.repeat(9));
      }
      made += tokens.length;
      judged += kernelTokens(twins, logOf(...tokens));
    }
    expect(made).toBeGreaterThan(6000);
    expect(judged).toBe(made);
  });

  test.each([8192, 8191, 400, 150, 1])('tokens about as long as a limit of %i', (maxToken) => {
    const twins = new Twins({ policy: { maxToken } });
    for (let length = Math.max(50, maxToken - 100); length < maxToken + 100; length++) {
      for (const alg of ALGS) {
        const token = ofLength(length, alg);
        if (token === null) continue;
        const isIn = token.length <= maxToken;
        expect(kernelTokens(twins, logOf(token)), `${length}`).toBe(isIn ? 1 : 0);
        twins.judge(`x=${token} ${token}`);
      }
    }
  });

  test('tokens beyond what the kernel takes are not lost', () => {
    const twins = new Twins();
    for (const length of [8140, 8160, 8190, 8200, 10_000, 60_000, 66_000]) {
      for (let more = 0; more < 4; more++) {
        const token = ofLength(length + more, 'HS256');
        if (token !== null) twins.judge(logOf(...users(3), token, ...users(3)));
      }
    }
  });

  test('headers of every length', () => {
    const twins = new Twins();
    for (let length = 0; length < 1100; length++) {
      const tokens = [0, 1].map((n) => mint(claims({ n }), { header: { x: 'x'.repeat(length) } }));
      twins.judge(logOf(...tokens));
    }
  });

  test('a block too long for the kernel', () => {
    takeTaken();
    new Twins().judge(`${logOf(...users(10))}${'x\n'.repeat(2_200_000)}`);
    expect(takeTaken()).toMatchObject({ givenUp: 1 });
  });
});

describe('many tokens in a line', () => {
  test.each([2, 31, 32, 33, 63, 64, 65, 66, 100, 700])('%i', (count) => {
    for (const before of [0, 1, 31]) {
      const line = users(count).join(' ');
      const log = `${logOf(...users(before))}${line}\n${logOf(...users(40))}${line}`;
      const kernel = kernelTokens(new Twins(), log);
      if (count <= 32) expect(kernel).toBe(before + 40 + 2 * count);
    }
  });

  test('of which the last is odd: then the whole line is', () => {
    for (const odd of ['Token: x', `${HEADER}.e30.***`, mint('[]'), `${HEADER}.e30.AA`]) {
      for (const count of [1, 20, 50]) {
        const log = `${logOf(...users(5))}${users(count).join(' ')} ${odd}\n${logOf(...users(5))}`;
        expect(kernelTokens(new Twins(), log)).toBe(10);
      }
    }
  });
});

test('lines that are left to the host in any pattern come back in their places', () => {
  const twins = new Twins();
  const random = createRandom(7);
  const tokens = users(30);
  for (let round = 0; round < 200; round++) {
    const oddness = 1 + random.below(6);
    const lines = Array.from({ length: 1 + random.below(300) }, () => {
      const token = random.pick(tokens);
      if (random.once(5)) return '';
      return random.once(oddness) ? `Token: (${token})` : `Token: ${token}`;
    });
    twins.judge(lines.join('\n'));
  }
});

test('a block with more odd places than the kernel lists is all left to the host', () => {
  const [token] = users(1);
  const alternating = (count: number): string => `a ${token}\nToken: x\n`.repeat(count);
  takeTaken();
  new Twins().judge(alternating(4096));
  expect(takeTaken()).toMatchObject({ blocks: 1, givenUp: 0, tokens: 4096 });
  const twins = new Twins();
  twins.judge(alternating(4097));
  expect(takeTaken()).toMatchObject({ blocks: 1, givenUp: 1, tokens: 0 });
  expect(kernelTokens(twins, logOf(...users(100)))).toBe(100);
});

describe('headers', () => {
  const ring = ringOf(
    secretKey('a', SECRET, { kid: 'a' }),
    secretKey('b', OTHER_SECRET, { kid: 'b' }),
  );
  const tokenOf = (n: number): string => {
    const kid = n % 3 === 0 ? 'a' : 'b';
    const alg = ALGS[n % 2]!;
    const secret = kid === 'a' ? SECRET : OTHER_SECRET;
    return mint(claims({ sub: `u${n}` }), { alg, secret, header: { kid, n: 1000 + n } });
  };

  test.each([1, 2, 15, 16, 17, 32, 33, 40])('%i new ones in each block', (each) => {
    const twins = new Twins({ ring });
    for (let from = 0; from < 200; from += each) {
      const fresh = Array.from({ length: each }, (_, i) => tokenOf(from + i));
      // Old ones first: their places are the ones that are taken next.
      const old = [0, 1, 2, from - 33, from - 32, from - 31, from - 1].map((n) =>
        tokenOf(Math.max(0, n)),
      );
      const { judged } = twins.judge(logOf(...old, ...fresh, ...old));
      expect(new Set(judged.verdicts)).toEqual(new Set([0]));
    }
  });

  test('a few are read once and judged by the kernel ever after', () => {
    const twins = new Twins({ ring });
    const log = logOf(...Array.from({ length: 12 }, (_, n) => tokenOf(n)));
    for (let i = 0; i < 5; i++) expect(kernelTokens(twins, log)).toBe(12);
  });

  test('the beginning of another header is not that header', () => {
    const long = segment('{"alg":"HS256"}') + segment('abc');
    const twins = new Twins();
    twins.judge(logOf(...users(2)));
    for (const start of [long, HEADER.slice(0, -1), `${HEADER}A`, `${HEADER}_`]) {
      const input = `${start}.${segment(claims())}`;
      twins.judge(logOf(`${input}.${hmac('HS256', input)}`, ...users(2)));
    }
  });
});

describe('every byte', () => {
  const token = mint(claims({ sub: 'x'.repeat(40) }));
  const other = mint(claims({ sub: 'y' }), { alg: 'HS512' });
  const withByte = (before: string, byte: number, after: string): Buffer =>
    Buffer.concat([Buffer.from(before), Buffer.from([byte]), Buffer.from(after)]);

  test('before and behind a token, labelled and not', () => {
    const twins = new Twins();
    for (let byte = 0; byte < 256; byte++) {
      for (const before of ['', 'Token: ', 'x', 'Toke', '\x1b[31', '%3', '\\u003', '_']) {
        twins.judge(withByte(before, byte, `${token}\n`));
      }
      for (const behind of ['', '=', '..', other, ' x', '\n', `.${other}`]) {
        twins.judge(withByte(`Token: ${token}`, byte, behind));
        twins.judge(withByte(token, byte, behind));
      }
      twins.judge(withByte(token, byte, `Token: ${other}\n`));
      twins.judge(withByte('', byte, `Token: ${other}\n`));
    }
  });

  test('in place of one of a token', () => {
    const twins = new Twins();
    const last = token.length - 1;
    const dots = [token.indexOf('.'), token.lastIndexOf('.')];
    const places = [
      0,
      1,
      2,
      3,
      ...dots.flatMap((dot) => [dot - 1, dot, dot + 1]),
      60,
      last - 1,
      last,
    ];
    for (const place of places) {
      for (let byte = 0; byte < 256; byte++) {
        twins.judge(withByte(`a ${token.slice(0, place)}`, byte, `${token.slice(place + 1)}\n`));
        twins.judge(withByte(`Token: ${token.slice(0, place)}`, byte, token.slice(place + 1)));
      }
    }
  });
});
