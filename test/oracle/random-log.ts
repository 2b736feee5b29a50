import fc from 'fast-check';
import { claims, hmac, mint, mintPublic, NOW_S, segment } from '../support/tokens.ts';

const USERS = ['ada', 'bob', 'b "c" \\ d', '김철수', '=1+1', '1', 1, 2 ** 53, null, '', {}, true];
const ENDS = [-90_000, -3600, -1, 0, 1, 3600, 86_400, 604_800, 2_592_000, 1e10, 1.7e12, 1e300];

const goodClaims: fc.Arbitrary<Record<string, unknown>> = fc
  .record({
    sub: fc.constantFrom(...USERS),
    end: fc.option(fc.constantFrom(...ENDS)),
    start: fc.option(fc.constantFrom(-3600, 0, 60)),
    iss: fc.option(fc.constantFrom('https://issuer.example', 'https://other.example')),
    aud: fc.option(fc.constantFrom<unknown>('api', ['web', 'api'], ['web'], 'web', 5)),
    email: fc.option(fc.constantFrom('ada@example.com', 'bob@example.com', '')),
    roles: fc.option(fc.constantFrom<unknown>('admin', ['b', 'a', 'a'], [1, 'c'], {})),
    n: fc.nat(5),
  })
  .map(({ end, start, ...rest }) => ({
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)),
    ...(end !== null && { exp: NOW_S + end }),
    ...(start !== null && { nbf: NOW_S + start }),
  }));

/** A token, and whatever the label may say instead. */
const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: goodClaims.map((one) => mint(one)) },
  goodClaims.map((one) => mint(one, { alg: 'HS512' })),
  goodClaims.map((one) => mint(one, { secret: 'another' })),
  goodClaims.map((one) => mint(one, { header: { kid: 'nobody' } })),
  goodClaims.map((one) => mint(one, { header: { jku: 'https://evil.example' } })),
  goodClaims.map((one) => `${segment({ alg: 'none' })}.${segment(one)}.`),
  goodClaims.map((one) => mint(one).replace(/[^.]+$/, '***')),
  goodClaims.map((one) => `${mint(one)}=`),
  fc.constantFrom(
    mintPublic('EdDSA', claims()),
    mintPublic('EdDSA', claims(), { kid: 'nobody' }),
    mint(claims({ exp: 'soon' })),
    mint('{"sub":"ada","sub":"bob"}'),
    mint('[1]'),
    mint(claims(), { header: { crit: ['x'] } }),
    mint(claims({ pad: 'x'.repeat(70_000) })),
    `${segment({ alg: 'dir', enc: 'A128GCM' })}..${'A'.repeat(16)}.AA.${'A'.repeat(22)}`,
    `${segment({ alg: 'HS256' })}.e30.${hmac('HS256', 'x')}`,
    'null',
    'opaque-9f86d081884c7d65',
    'eyJ',
  ),
);

const clock: fc.Arbitrary<string> = fc
  .integer({ min: NOW_S - 200_000, max: NOW_S + 100 })
  .map((seconds) => new Date(seconds * 1000).toISOString());

const line: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(clock, text)
      .map(([time, one]) => `${time.slice(0, 19).replace('T', ' ')},250 - Token: ${one}`),
  },
  fc
    .tuple(clock, text, text)
    .map(([time, a, b]) => `${time} level=info token=${a} other="${b}" status=200`),
  fc
    .tuple(clock, text)
    .map(([time, one]) => JSON.stringify({ time, msg: 'login', headers: { authorization: one } })),
  fc
    .tuple(text, fc.constantFrom(200, 401))
    .map(
      ([one, status]) =>
        `198.51.100.7 - - [22/Sep/2023:09:58:00 +0000] "GET /a?t=${one} HTTP/1.1" ${status} 5`,
    ),
  text.map((one) => `no time here: Bearer ${one}.`),
  fc.constantFrom(
    '',
    ' ',
    '2023-09-22 09:59:59,000 - User Log: login ok',
    'Token: ',
    '\0\0\0',
    '{',
  ),
  fc.string({ maxLength: 60 }).map((one) => one.replaceAll('\n', ' ')),
);

const garbage: fc.Arbitrary<Buffer> = fc
  .uint8Array({ maxLength: 80 })
  .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a)));

const ending = fc.constantFrom('\n', '\n', '\n', '\r\n');

/** A log of up to forty lines of every kind; no byte order mark, and no compressed file by chance. */
export const randomLog: fc.Arbitrary<Buffer> = fc
  .array(
    fc
      .oneof({ weight: 9, arbitrary: line.map((one) => Buffer.from(one)) }, garbage)
      .chain((bytes) => ending.map((end) => Buffer.concat([bytes, Buffer.from(end)]))),
    { maxLength: 40 },
  )
  .chain((lines) =>
    fc.boolean().map((whole) => {
      const log = Buffer.concat([Buffer.from('# a log\n'), ...lines]);
      return whole ? log : log.subarray(0, -1);
    }),
  );
