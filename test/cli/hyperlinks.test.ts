import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { fileUrl, showsLinks } from '../../src/cli/hyperlinks.ts';
import { ROOT, runCli } from '../support/cli.ts';

const audit = async (
  env: Readonly<Record<string, string>>,
  more: readonly string[] = [],
  columns: number | null = 100,
): Promise<string> => {
  const args = ['audit', 'fixtures/logs/access.log', '--secret-file', 'fixtures/keys/secret'];
  const options = { env, ...(columns !== null && { columns }) };
  const { stdout } = await runCli([...args, '--now', '2023-09-22T12:00:00Z', ...more], options);
  return stdout;
};

const OPEN = '\u001B]8;;';
const ST = '\u001B\\';
const KITTY = { TERM: 'xterm-kitty' };

describe('links on a terminal', () => {
  test('lead from a rule to its page, and from evidence to its file', async () => {
    const text = await audit(KITTY);
    const rules = `file://${hostname()}${ROOT}docs/RULES.md`;
    expect(text).toContain(`${OPEN}${rules}${ST}AL014${OPEN}${ST}`);
    const log = `file://${hostname()}${ROOT}fixtures/logs/access.log`;
    expect(text).toContain(`${OPEN}${log}${ST}fixtures/logs/access.log:35${OPEN}${ST}`);
  });

  test('change no letter and no line break', async () => {
    const linked = await audit(KITTY);
    // oxlint-disable-next-line no-control-regex -- that is what is taken away
    const bare = linked.replaceAll(/\u001B\]8;;[^\u001B]*\u001B\\/g, '');
    expect(bare).toBe(await audit({ TERM: 'xterm' }));
    expect(bare).not.toBe(linked);
  });

  test('not in a pipe, not without colour, not where they are forbidden', async () => {
    expect(await audit({ FORCE_HYPERLINK: '1' }, ['--color', 'always'], null)).not.toContain(OPEN);
    expect(await audit(KITTY, ['--color', 'never'])).not.toContain(OPEN);
    expect(await audit({ ...KITTY, NO_COLOR: '1' })).not.toContain(OPEN);
    expect(await audit({ ...KITTY, FORCE_HYPERLINK: '0' })).not.toContain(OPEN);
    expect(await audit({ TERM: 'xterm', FORCE_HYPERLINK: '1' })).toContain(OPEN);
  });

  test.each([
    [{ TERM_PROGRAM: 'iTerm.app' }, true],
    [{ TERM_PROGRAM: 'Apple_Terminal' }, false],
    [{ VTE_VERSION: '7600' }, true],
    [{ VTE_VERSION: '5000' }, false],
    [{ VTE_VERSION: '4601' }, false],
    [{ WT_SESSION: 'x' }, true],
    [{ KITTY_WINDOW_ID: '1' }, true],
    [{ KITTY_WINDOW_ID: '1', TMUX: '/tmp/x' }, false],
    [{ VTE_VERSION: '7600', CI: 'true' }, false],
    [{ TERM: 'xterm-256color' }, false],
    [{ TERM: 'linux', FORCE_HYPERLINK: '1' }, true],
  ])('%j: %s', (env, shown) => {
    expect(showsLinks(env)).toBe(shown);
  });

  test('a hostile name of a file can not end the link', () => {
    expect(fileUrl('a\u001B\\\u0007 #?%.log', '/logs')).toMatch(/^file:\/\/[^/]+\/logs\/[!-~]+$/);
  });
});
