import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findConfig } from '../../src/config/find-config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { readBounded } from '../../src/config/text-file.ts';
import { tempFolder } from '../support/folder.ts';

const put = (path: string, text = 'learn: 1d\n'): string => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};

describe('the first file that there is counts', () => {
  test('here, of the user, of the system; JSON before YAML', async () => {
    const root = tempFolder();
    const host = {
      cwd: join(root, 'here'),
      env: { XDG_CONFIG_HOME: join(root, 'xdg'), HOME: join(root, 'home') },
      system: join(root, 'etc'),
    };
    mkdirSync(host.cwd);
    expect(findConfig(host)).toBeNull();
    // Each counts more than all before it.
    for (const path of [
      'etc/authlog/authlog.config.yml',
      'etc/authlog/authlog.config.json',
      'xdg/authlog/authlog.config.yml',
      'here/authlog.config.yml',
      'here/authlog.config.yaml',
      'here/authlog.config.json',
    ]) {
      const file = put(join(root, path));
      expect(findConfig(host)).toBe(file);
    }
  });

  test('~/.config is the folder of a user who did not name another', async () => {
    const root = tempFolder();
    const file = put(join(root, 'home/.config/authlog/authlog.config.yaml'));
    const host = { cwd: root, system: join(root, 'etc') };
    const home = join(root, 'home');
    expect(findConfig({ ...host, env: { HOME: home } })).toBe(file);
    expect(findConfig({ ...host, env: { HOME: home, XDG_CONFIG_HOME: root } })).toBeNull();
    expect(findConfig({ ...host, env: {} })).toBeNull();
  });

  test('a folder that can not be looked into is not passed over', async () => {
    const root = tempFolder();
    const round = join(root, 'round');
    symlinkSync(round, round);
    const find = (): unknown =>
      findConfig({ cwd: root, env: { XDG_CONFIG_HOME: round }, system: root });
    expect(find).toThrow('authlog.config.json: ELOOP');
  });
});

describe('--config', () => {
  test('names the file, relative to the working directory, and - none', async () => {
    const root = tempFolder();
    put(join(root, 'authlog.config.yaml'), 'learn: 1d\n');
    put(join(root, 'sub/other.yaml'), 'learn: 2d\nrevocations: list\n');
    const host = { cwd: root, env: {}, system: join(root, 'etc') };
    expect((await loadConfig(null, host)).values).toEqual({ learn: '1d' });
    const other = await loadConfig('sub/other.yaml', host);
    expect(other.values).toEqual({ learn: '2d', revocations: join(root, 'sub/list') });
    expect(other.file).toBe('sub/other.yaml');
    expect((await loadConfig('-', host)).file).toBeNull();
    expect((await loadConfig(null, { ...host, cwd: join(root, 'sub') })).file).toBeNull();
  });

  test('of a file that is missing, a directory, too large, endless or no text is refused', async () => {
    const root = tempFolder();
    const host = { cwd: root, env: {} };
    await expect(loadConfig('none.yaml', host)).rejects.toThrow('cannot read none.yaml: ENOENT');
    await expect(loadConfig('.', host)).rejects.toThrow('EISDIR');
    await expect(loadConfig('/dev/zero', host)).rejects.toThrow('larger than 1 MiB');
    writeFileSync(join(root, 'a.yaml'), '#'.repeat(1024 * 1024 + 1));
    await expect(loadConfig('a.yaml', host)).rejects.toThrow('a.yaml is larger than 1 MiB');
    writeFileSync(join(root, 'a.yaml'), '#'.repeat(1024 * 1024));
    expect((await loadConfig('a.yaml', host)).values).toEqual({});
    writeFileSync(join(root, 'a.yaml'), Buffer.from([0x23, 0xff]));
    await expect(loadConfig('a.yaml', host)).rejects.toThrow('a.yaml is not UTF-8 text');
  });
});

test('a file is read up to its bound and not beyond', async () => {
  const path = put(join(tempFolder(), 'x'), 'x'.repeat(70_000));
  expect((await readBounded(path, 70_000)).length).toBe(70_000);
  await expect(readBounded(path, 69_999, 'x')).rejects.toThrow('x is larger than');
});
