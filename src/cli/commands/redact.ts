import { AuthlogError } from '../../errors.ts';
import { compileKernel } from '../../kernel/module.ts';
import { LogRedactor } from '../../redact/redact.ts';
import { incompleteText, renderError } from '../../report/error.ts';
import {
  IncompleteInput,
  isStore,
  type Incomplete,
  type Input,
  type InputNotice,
} from '../../source/input.ts';
import { resolveInputs } from '../../source/inputs.ts';
import { openInput } from '../../source/open.ts';
import type { RedactFlags } from '../define/redact.ts';
import type { Host } from '../host.ts';
import { onInterrupt } from '../interrupt.ts';
import { themeFor } from '../look.ts';
import { startProgress } from '../progress.ts';
import { refuseOutput } from '../resolve.ts';
import { openSink, type Sink } from '../write.ts';

const NEWLINE = 0x0a;

/** `authlog redact`: the same logs, one after another, without a usable token. */
export const runRedact = async (
  sources: readonly string[],
  flags: RedactFlags,
  host: Host,
): Promise<number> => {
  const named = sources.length === 0 ? ['-'] : sources;
  const { inputs, incomplete, notices } = await resolveInputs(named, {
    cwd: host.cwd(),
    stdinIsTTY: named.includes('-') && host.stdin.isTTY === true,
  });
  refuseStores(inputs);
  if (flags.output !== undefined) refuseOutput(flags.output, inputs, host);
  const sink = await openSink(flags.output, host.stdout);
  const shown = flags.progress && flags.quiet !== true && flags.output !== undefined;
  const progress = startProgress(host, inputs, shown);
  const disarm = onInterrupt(inputs, () =>
    flags.output === undefined ? 'before the end' : '; nothing was written',
  );
  const failures = [...incomplete];
  const remarks = [...notices];
  try {
    await redactAll(inputs, flags, host, {
      sink,
      onBytes: progress.onProgress,
      onFailure: (failure) => failures.push(failure),
      onNotice: (notice) => remarks.push(notice),
    });
    progress.stop();
    await sink.close();
  } catch (error) {
    await sink.discard();
    throw error;
  } finally {
    progress.stop();
    disarm();
  }
  if (flags.quiet !== true) {
    const theme = await themeFor(host, host.stderr, flags.color);
    const messages = [...failures.map(incompleteText), ...remarks.map(({ message }) => message)];
    for (const message of messages) host.stderr.write(renderError(message, null, theme));
  }
  return failures.length > 0 ? 3 : 0;
};

interface Watcher {
  readonly sink: Sink;
  readonly onBytes: ((bytes: number) => void) | null;
  readonly onFailure: (failure: Incomplete) => void;
  readonly onNotice: (notice: InputNotice) => void;
}

/** Writes the redacted inputs one after another, each from the start of a line on. */
const redactAll = async (
  inputs: readonly Input[],
  flags: RedactFlags,
  host: Host,
  { sink, onBytes, onFailure, onNotice }: Watcher,
): Promise<void> => {
  const redactor = new LogRedactor({
    kernel: compileKernel(),
    replace: flags.replace,
    dropClaims: flags.dropClaims ?? null,
    anonymizeIp: flags.anonymizeIp ?? null,
    blockSize: flags.blockSize,
    maxLine: flags.maxLine,
  });
  let last = NEWLINE;
  for (const input of inputs) {
    const { path } = input;
    let before = 0;
    let isFirst = true;
    const chunks = openInput(input, {
      stdin: host.stdin,
      cwd: host.cwd(),
      onNotice: ({ code, message }) => onNotice({ code, message: `${path}: ${message}` }),
      onProgress: (soFar) => {
        onBytes?.(soFar - before);
        before = soFar;
      },
    });
    try {
      for await (const redacted of redactor.redact(chunks)) {
        if (redacted.length === 0) continue;
        if (isFirst && last !== NEWLINE) await sink.write('\n');
        isFirst = false;
        await sink.write(redacted);
        last = redacted.at(-1)!;
      }
    } catch (error) {
      if (!(error instanceof IncompleteInput)) throw error;
      onFailure({ path, reason: error.reason, detail: error.message });
    }
  }
};

const refuseStores = (inputs: readonly Input[]): void => {
  if (!inputs.some(isStore)) return;
  throw new AuthlogError(
    'USAGE',
    'a store holds no tokens that could be redacted',
    'Name log files; authlog events --pseudonym-key hides who is in the events of a store.',
  );
};
