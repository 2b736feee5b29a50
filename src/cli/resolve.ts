import { fstatSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadOptions } from '../analyze.ts';
import { AuthlogError, noKey } from '../errors.ts';
import type { KeyRing } from '../keys/key.ts';
import { isStore, type Incomplete, type Input } from '../source/input.ts';
import { resolveInputs } from '../source/inputs.ts';
import type { Notice } from '../summarize/summary.ts';
import { compilePattern } from '../scan/pattern.ts';
import type { ReadFlags } from './flags.ts';
import type { Host } from './host.ts';
import { refuseKeys, resolveKeyRing } from './key-ring.ts';
import { readMoment } from './moment.ts';
import { secondsOf } from './values.ts';

/** A command line made sense of: what to read, how to judge it, and what to remark before. */
export interface ResolvedRead {
  readonly options: ReadOptions;
  readonly incomplete: readonly Incomplete[];
  readonly notices: readonly Notice[];
}

/** Turns flags into decisions: strings into times, files into keys, arguments into inputs. */
export const resolveRead = async (
  sources: readonly string[],
  flags: ReadFlags,
  host: Host,
  isTyped: (flag: string) => boolean,
): Promise<ResolvedRead> => {
  const zone = flags.tz;
  const now = await nowOf(flags, zone);
  if (flags.pattern !== undefined) compilePattern(flags.pattern);
  const window = await windowOf(flags, now, zone);
  if (!flags.verify) refuseKeys(isTyped);
  const named = sources.length === 0 ? ['-'] : sources;
  // To look at the process's standard input is to open it, which takes time.
  const stdin = named.includes('-') ? host.stdin : null;
  const found = await resolveInputs(named, {
    cwd: host.cwd(),
    stdinIsTTY: stdin?.isTTY === true,
  });
  if (flags.output !== undefined) refuseOutput(flags.output, found.inputs, host);
  const ring = flags.verify ? await ringFor(found.inputs, flags, host, now) : null;
  return {
    incomplete: found.incomplete,
    notices: [...(ring?.notices ?? []), ...found.notices].map(({ code, message }) => ({
      code,
      message,
      count: 1,
    })),
    options: {
      inputs: found.inputs,
      stdin: stdin ?? Readable.from([]),
      cwd: host.cwd(),
      ring,
      recordedOnly: flags.verify && ring === null,
      now,
      clock: flags.clock,
      leeway: await secondsOf(flags.leeway),
      issuers: flags.issuer ?? null,
      audiences: flags.audience ?? null,
      ...(flags.userClaim !== undefined && { userClaims: flags.userClaim }),
      allowPadding: flags.allowPadding === true,
      zone,
      year: flags.year ?? null,
      ...window,
      pattern: flags.pattern ?? null,
      maxLine: flags.maxLine,
      maxToken: flags.maxToken,
      ...(flags.threads !== undefined && { threads: flags.threads }),
      ...(flags.blockSize !== undefined && { blockSize: flags.blockSize }),
    },
  };
};

/** Null where every file holds events; of a pipe the reading tells. Throws USAGE where a key is missing. */
const ringFor = async (
  inputs: readonly Input[],
  flags: ReadFlags,
  host: Host,
  now: number,
): Promise<KeyRing | null> => {
  const given = await resolveKeyRing(flags, host, now, false);
  if (given !== null) return given;
  const { isEventFile } = await import('./recorded.ts');
  let canDoWithout = false;
  for (const input of inputs) {
    if (isStore(input)) canDoWithout = true;
    if (input.kind !== 'file' || input.size === null) continue;
    if (await isEventFile(input, host.cwd())) {
      canDoWithout = true;
      continue;
    }
    const asked = await resolveKeyRing(flags, host, now, true);
    if (asked === null) throw noKey();
    return asked;
  }
  if (inputs.length === 0) throw noKey();
  // A terminal is asked for the secret, not for a log.
  if (!canDoWithout && host.stdin.isTTY === true)
    return await resolveKeyRing(flags, host, now, true);
  return null;
};

const nowOf = async (flags: ReadFlags, zone: string): Promise<number> =>
  flags.now === undefined ? Date.now() : await readMoment('--now', flags.now, Date.now(), zone);

const windowOf = async (
  flags: ReadFlags,
  now: number,
  zone: string,
): Promise<{ since: number | null; until: number | null }> => {
  const bound = async (option: string, text: string | undefined): Promise<number | null> =>
    text === undefined ? null : await readMoment(option, text, now, zone);
  const since = await bound('--since', flags.since);
  const until = await bound('--until', flags.until);
  if (since !== null && until !== null && since >= until) {
    throw new AuthlogError('USAGE', '--since must be before --until', 'No line can be in between.');
  }
  return { since, until };
};

/** Writing over a log that is being read would destroy it, also where the shell opened it (`< FILE`). */
export const refuseOutput = (output: string, inputs: readonly Input[], host: Host): void => {
  const target = identityOf(output);
  const isTarget = ({ kind, path }: Input): boolean =>
    identityOf(kind === 'stdin' ? host.stdin.fd : path) === target;
  if (target === null || !inputs.some(isTarget)) return;
  throw new AuthlogError('USAGE', `the output ${output} is also an input`, 'Give -o another file.');
};

/** What tells a regular file from all others; null for anything else. */
const identityOf = (file: string | number | undefined): string | null => {
  try {
    const stats =
      typeof file === 'number'
        ? fstatSync(file, { bigint: true })
        : statSync(file ?? '', { bigint: true });
    return stats.isFile() ? `${stats.dev}:${stats.ino}` : null;
  } catch {
    return null;
  }
};
