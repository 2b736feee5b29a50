import { describe, expect, test } from 'vitest';
import { runCli, summaryOf } from '../support/cli.ts';
import { parseEvents, refusal, privateFile, type Event } from '../support/judged.ts';
import { NOW } from '../support/tokens.ts';
import { areMissing, readVector, vectorPath } from './folder.ts';

interface Expected {
  readonly line: number;
  readonly id: string;
  readonly note?: string;
  /** Tokens that a reader of plain text finds in the line. */
  readonly extracted: number;
  readonly expectLog: string;
}

interface Group {
  readonly group: string;
  readonly log: string;
  readonly key: string;
  readonly n: number;
  readonly expected: readonly Expected[];
}

const REFUSING = new Set([
  'bad_signature',
  'alg_none',
  'alg_not_allowed',
  'unknown_key',
  'malformed',
  'encrypted',
]);
const ABOUT_CLAIMS = /^(?:payload_|claim_)/;
/** What is found only because the line says that a token follows, or is an odd token. */
const NO_TOKEN = new Set(['malformed', 'encrypted']);
const EXPIRED_OR_VALID = new Set(['valid', 'expired']);

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];

const isMissing = areMissing();
const groups = isMissing ? [] : (JSON.parse(readVector('index.json')) as Group[]);

type Jwk = Readonly<Record<string, unknown>>;

const jwksOf = ({ key }: Group): readonly Jwk[] => {
  if (!key.endsWith('.json')) return [];
  const document = JSON.parse(readVector('logs', key)) as Jwk & { keys?: readonly Jwk[] };
  return document.keys ?? [document];
};

const isPrivate = (group: Group): boolean => jwksOf(group).some((jwk) => 'd' in jwk);

const publicHalf = (jwk: Jwk): Jwk =>
  Object.fromEntries(Object.entries(jwk).filter(([name]) => !PRIVATE_MEMBERS.includes(name)));

const keyArgs = (group: Group): string[] => {
  const path = vectorPath('logs', group.key);
  if (group.key.endsWith('.secret')) return ['--secret-file', path];
  // The one key set calls two keys by one name and mixes them with a secret: see below.
  const [jwk] = jwksOf(group);
  if (jwk === undefined) return ['--key', path];
  return ['--key', privateFile('key.jwk.json', JSON.stringify(publicHalf(jwk)))];
};

/** Whether the events of a line are what the vectors expect of it. */
const isRight = ({ expectLog }: Expected, events: readonly Event[]): boolean => {
  const [first, ...more] = events;
  if (expectLog === 'no-token') return events.every(({ verdict }) => NO_TOKEN.has(verdict));
  if (first === undefined || more.length > 0) return false;
  const { verdict, reason } = first;
  if (expectLog === 'invalid') return REFUSING.has(verdict);
  if (expectLog === 'invalid-claims') {
    return verdict === 'malformed' && ABOUT_CLAIMS.test(reason ?? '');
  }
  if (expectLog.startsWith('verify-extracted')) {
    return EXPIRED_OR_VALID.has(verdict) || REFUSING.has(verdict);
  }
  return verdict === expectLog;
};

const usable = groups.filter(({ key }) => !key.includes('dsa-public'));

describe.skipIf(isMissing)('logs of published tokens', () => {
  test.each(usable)('$group gets the verdicts that were published', async (group) => {
    const args = [vectorPath('logs', group.log), ...keyArgs(group), '--now', NOW, '-q'];
    const { code, stdout } = await runCli(['events', ...args]);
    expect(code).toBe(0);
    const events = parseEvents(stdout);
    const wrong = group.expected
      .map((line) => ({ ...line, events: events.filter((event) => event.line === line.line) }))
      .filter((line) => !isRight(line, line.events))
      .map(({ id, expectLog, events: got }) => [
        id,
        expectLog,
        got.map(({ verdict, reason }) => [verdict, reason]),
      ]);
    expect(wrong).toEqual([]);
    expect(group.expected).toHaveLength(group.n);

    const summary = await summaryOf(args);
    expect(summary.totals.tokens).toBe(events.length);
    expect(summary.totals.lines).toBe(readVector('logs', group.log).split('\n').length - 1);
    for (const [verdict, count] of Object.entries(summary.totals.verdicts)) {
      expect(count).toBe(events.filter((event) => event.verdict === verdict).length);
    }
  });

  test('a token that white space or padding cut off is judged as it stands in the line', async () => {
    const cut = usable.flatMap((group) =>
      group.expected
        .filter(({ expectLog }) => expectLog.startsWith('verify-extracted'))
        .map((line) => ({ group, line })),
    );
    expect(cut).toHaveLength(7);
    const seen: [string, string][] = [];
    for (const { group, line } of cut) {
      const args = [vectorPath('logs', group.log), ...keyArgs(group), '--now', NOW, '-q'];
      const events = parseEvents((await runCli(['events', ...args])).stdout);
      const [event] = events.filter((one) => one.line === line.line);
      seen.push([line.id, `${event!.verdict} ${event!.reason ?? ''}`.trim()]);
    }
    expect(seen).toEqual([
      ['golang-jwt/parser#bearer in JWT', 'valid'],
      ['fast-jwt/noncanon trailing space', 'valid'],
      ['fast-jwt/noncanon trailing tab', 'valid'],
      ['fast-jwt/noncanon trailing CR', 'valid'],
      ['fast-jwt/noncanon trailing =', 'malformed padding'],
      ['fast-jwt/noncanon inner space', 'malformed signature_base64'],
      ['fast-jwt/noncanon inner tab', 'malformed signature_base64'],
    ]);
  });

  const withPrivateKey = isMissing ? [] : groups.filter(isPrivate);

  test('some of the published keys are private', () => {
    expect(withPrivateKey.map(({ group }) => group)).toEqual(
      expect.arrayContaining(['rfc7515-a.2', 'rfc7515-a.3', 'rfc7515-a.4']),
    );
  });

  test.each(withPrivateKey)('the private key of $group is refused', async ({ log, key }) => {
    const args = ['analyze', vectorPath('logs', log), '--key', vectorPath('logs', key)];
    expect(refusal(await runCli(args))).toContain('is a private key');
  });

  test('a key set of secrets and public keys is refused', async () => {
    const [group] = groups.filter(({ key }) => key.endsWith('.jwks.json'));
    const path = vectorPath('logs', group!.key);
    const args = ['analyze', vectorPath('logs', group!.log), '--key', path];
    expect(refusal(await runCli(args))).toContain('mixes shared secrets with public keys');
  });

  test('a DSA key is refused', async () => {
    const [group] = groups.filter(({ key }) => key.includes('dsa-public'));
    const path = vectorPath('logs', group!.key);
    const args = ['analyze', vectorPath('logs', group!.log), '--key', path];
    expect(refusal(await runCli(args))).toContain('DSA');
    expect(group!.expected.filter(({ expectLog }) => expectLog !== 'invalid')).toEqual([]);
  });
});
