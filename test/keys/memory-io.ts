import { AuthlogError } from '../../src/errors.ts';
import type { KeyRing } from '../../src/keys/key.ts';
import { loadKeyRing } from '../../src/keys/ring.ts';
import type { KeyIo, KeyOptions } from '../../src/keys/ring.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

export const NO_KEYS: KeyOptions = {
  secretFiles: [],
  secretEnv: null,
  secret: null,
  keyFiles: [],
  jwksUrls: [],
  promptedSecret: null,
  algs: null,
};

/** 2023-09-22T10:00:00Z. */
export const NOW = 1_695_376_800;

/** Files and environment that exist in memory only; any other path is missing. */
export const memoryIo = (files: Files, more: Partial<KeyIo> = {}): KeyIo => ({
  env: {},
  readFile: async (path) => {
    const content = files[path];
    if (content !== undefined) return Buffer.from(content);
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  },
  fileMode: async () => 0o600,
  fetch: () => Promise.reject(new Error('no network in tests')),
  lookup: () => Promise.reject(new Error('no network in tests')),
  now: NOW,
  ...more,
});

/** The ring of one key file with this content. */
export const loadFile = async (content: string | Uint8Array, path = 'k'): Promise<KeyRing> => {
  const ring = await loadKeyRing({ ...NO_KEYS, keyFiles: [path] }, memoryIo({ [path]: content }));
  if (ring === null) throw new Error('no ring');
  return ring;
};

export const loadJson = (value: unknown): Promise<KeyRing> => loadFile(JSON.stringify(value));

/** The AuthlogError that `run` rejects with; anything else fails the test. */
export const failureOf = async (run: Promise<unknown>): Promise<AuthlogError> => {
  try {
    await run;
  } catch (error) {
    if (error instanceof AuthlogError) return error;
    throw error;
  }
  throw new Error('expected an AuthlogError, but nothing was thrown');
};

export const textOf = (error: AuthlogError): string => `${error.message}\n${error.hint ?? ''}`;

export const codesOf = (ring: KeyRing): string[] => ring.notices.map(({ code }) => code);
