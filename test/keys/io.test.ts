import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { KEY_BYTES_LIMIT, nodeKeyIo } from '../../src/keys/io.ts';
import { loadKeyRing } from '../../src/keys/ring.ts';
import { codesOf, failureOf, NO_KEYS, NOW } from './memory-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'authlog-keys-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const io = nodeKeyIo({}, NOW);

describe('keys from real files', () => {
  test('a secret file is read with its mode', async () => {
    const path = join(folder, 'secret');
    writeFileSync(path, `${'s'.repeat(40)}\n`);
    chmodSync(path, 0o644);
    const ring = await loadKeyRing({ ...NO_KEYS, secretFiles: [path] }, io);
    expect(ring!.keys[0]!.secret).toHaveLength(40);
    expect(codesOf(ring!)).toContain('secret_readable');
    chmodSync(path, 0o600);
    const closed = await loadKeyRing({ ...NO_KEYS, secretFiles: [path] }, io);
    expect(codesOf(closed!)).toEqual(['secret_newline']);
  });

  test.each([
    ['a missing file', 'missing', /ENOENT/],
    ['a folder', '.', /EISDIR/],
  ])('%s is a KEY error with its code', async (_name, path, code) => {
    const error = await failureOf(loadKeyRing({ ...NO_KEYS, keyFiles: [join(folder, path)] }, io));
    expect([error.code, error.message]).toEqual(['KEY', expect.stringMatching(code)]);
  });

  test('a file without end is refused, not read to its end', async () => {
    const error = await failureOf(loadKeyRing({ ...NO_KEYS, keyFiles: ['/dev/zero'] }, io));
    expect(error.message).toBe('/dev/zero is larger than 1 MiB');
  });

  test('a file of the limit is whole, and a device has no mode to warn of', async () => {
    const path = join(folder, 'big');
    writeFileSync(path, Buffer.alloc(KEY_BYTES_LIMIT, 7));
    expect(await io.readFile(path)).toHaveLength(KEY_BYTES_LIMIT);
    expect(await io.fileMode('/dev/null')).toBeNull();
    expect(await io.fileMode(join(folder, 'missing'))).toBeNull();
  });
});
