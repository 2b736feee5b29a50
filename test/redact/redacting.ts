import { Buffer } from 'node:buffer';
import { compileKernel } from '../../src/kernel/module.ts';
import { LogRedactor, type RedactOptions } from '../../src/redact/redact.ts';
import { inPieces } from '../source/lines.ts';

const DEFAULTS: RedactOptions = {
  replace: 'signature',
  dropClaims: null,
  anonymizeIp: null,
  blockSize: 256 << 10,
  maxLine: 1 << 20,
  kernel: compileKernel(),
};

/** The log redacted, read in chunks of these sizes. */
export const redacted = async (
  log: string | Uint8Array,
  options: Partial<RedactOptions> = {},
  sizes: readonly number[] = [65_536],
): Promise<Buffer> => {
  const redactor = new LogRedactor({ ...DEFAULTS, ...options });
  const bytes = typeof log === 'string' ? Buffer.from(log, 'latin1') : Buffer.from(log);
  const out: Buffer[] = [];
  for await (const piece of redactor.redact(inPieces(bytes, sizes))) out.push(Buffer.from(piece));
  return Buffer.concat(out);
};

/** The same as Latin-1 text. */
export const redactedText = async (
  log: string,
  options: Partial<RedactOptions> = {},
): Promise<string> => (await redacted(log, options)).toString('latin1');
