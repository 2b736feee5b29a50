import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that lives as long as the test. */
export const tempFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'authlog-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A file of a folder that lives as long as the test; its path. */
export const tempFile = (name: string, content: string | Uint8Array): string => {
  const path = join(tempFolder(), name);
  writeFileSync(path, content);
  return path;
};
