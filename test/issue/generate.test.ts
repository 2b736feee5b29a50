import { readFileSync, statSync, symlinkSync, writeFileSync, existsSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KEY_KINDS, type KeyKind } from '../../src/issue/generate.ts';
import { runCli, summaryOf } from '../support/cli.ts';
import { tempFolder } from '../support/folder.ts';
import { refusal } from '../support/judged.ts';
import { logOf, NOW } from '../support/tokens.ts';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const isSecret = (kind: string): boolean => kind.startsWith('hs');

const generate = (kind: string, path: string): ReturnType<typeof runCli> =>
  runCli(['issue', '--generate-key', kind, '-o', path]);

describe('a key that was made', () => {
  test.each(Object.entries(KEY_KINDS))('%s: its tokens are judged valid', async (kind, alg) => {
    const path = join(tempFolder(), 'key');
    const made = await generate(kind, path);
    expect([made.code, made.stdout.split('\n').length]).toEqual([0, isSecret(kind) ? 2 : 3]);
    expect(modeOf(path)).toBe('600');
    const keyFlag = isSecret(kind) ? '--secret-file' : '--key';
    const algFlag = isSecret(kind) ? ['--alg', alg] : [];
    const args = ['issue', keyFlag, path, ...algFlag, '--user-id', '12345', '--now', NOW];
    const { stdout: token, stderr } = await runCli(args);
    expect(stderr).toBe('');
    const verifier = isSecret(kind) ? path : `${path}.jwks.json`;
    const summary = await summaryOf(['-', keyFlag, verifier, '--now', NOW], {
      stdin: logOf(token.trim()),
    });
    expect(summary.totals.verdicts.valid).toBe(1);
    expect(summary.users).toMatchObject([{ user_id: '12345' }]);
    expect(summary.notices).toEqual([]);
    expect(summary.verification.keys).toMatchObject([isSecret(kind) ? {} : { algs: [alg] }]);
  });

  test.each(['hs256', 'hs384', 'hs512'])(
    '%s: the text of the file is the secret, for every program',
    async (kind) => {
      const path = join(tempFolder(), 'key');
      await generate(kind, path);
      const text = readFileSync(path, 'latin1');
      expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(Buffer.from(text, 'base64url')).toHaveLength(Number(kind.slice(2)) / 8);
      expect(existsSync(`${path}.jwks.json`)).toBe(false);
    },
  );

  test.each(['rs256', 'es384', 'eddsa'])('%s: its JWKS is public', async (kind) => {
    const path = join(tempFolder(), 'key');
    await generate(kind, path);
    expect(modeOf(`${path}.jwks.json`)).toBe('644');
    const own = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
    const text = readFileSync(`${path}.jwks.json`, 'utf8');
    const { keys } = JSON.parse(text) as { keys: Record<string, string>[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kid: own['kid'], alg: KEY_KINDS[kind as KeyKind], use: 'sig' });
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) {
      expect(keys[0]).not.toHaveProperty(member);
      if (own[member] !== undefined) expect(text).not.toContain(own[member]);
    }
  });

  test('is 3072 bits long for RSA, and differs every time', async () => {
    const folder = tempFolder();
    await generate('rs256', join(folder, 'a'));
    const { n } = JSON.parse(readFileSync(join(folder, 'a'), 'utf8')) as { n: string };
    expect(Buffer.from(n, 'base64url')).toHaveLength(384);
    await generate('hs256', join(folder, 'b'));
    await generate('hs256', join(folder, 'c'));
    expect(readFileSync(join(folder, 'b'))).not.toEqual(readFileSync(join(folder, 'c')));
  });

  test('never takes the place of a file', async () => {
    const folder = tempFolder();
    const path = join(folder, 'key');
    writeFileSync(path, 'precious');
    expect(refusal(await generate('hs256', path))).toMatch(/exists already: no key is overwritten/);
    expect(readFileSync(path, 'utf8')).toBe('precious');
    const link = join(folder, 'link');
    symlinkSync(join(folder, 'nowhere'), link);
    expect(refusal(await generate('es256', link))).toMatch(/exists already/);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  test('leaves nothing behind where its JWKS has no place', async () => {
    const path = join(tempFolder(), 'key');
    writeFileSync(`${path}.jwks.json`, 'precious');
    expect(refusal(await generate('es256', path))).toMatch(/key\.jwks\.json exists already/);
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(`${path}.jwks.json`, 'utf8')).toBe('precious');
  });

  test('needs a place to be written to', async () => {
    expect(refusal(await runCli(['issue', '--generate-key', 'hs256']))).toMatch(/needs a file/);
    const lost = await generate('hs256', join(tempFolder(), 'no/key'));
    expect([lost.code, lost.stdout]).toEqual([4, '']);
    expect(lost.stderr).toMatch(/cannot write .*: no such directory/);
  });

  test('is made alone', async () => {
    const path = join(tempFolder(), 'key');
    const mixed = await runCli(['issue', '--generate-key', 'hs256', '-o', path, '--email', 'a@b']);
    expect(refusal(mixed)).toMatch(/signs nothing: leave out --email/);
    expect(existsSync(path)).toBe(false);
  });

  test('of an unknown kind is refused', async () => {
    expect(refusal(await generate('none', join(tempFolder(), 'key')))).toMatch(/hs256, hs384/);
  });

  test('is remarked when others can read it later', async () => {
    const path = join(tempFolder(), 'key');
    await generate('es256', path);
    chmodSync(path, 0o644);
    const { code, stderr } = await runCli(['issue', '--key', path, '--user-id', '1']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/others on this machine can read the secret in .*key \(0644\)/);
  });
});
