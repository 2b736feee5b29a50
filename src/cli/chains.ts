import { resolve } from 'node:path';
import type { BrokenChain } from '../audit/context.ts';
import { AuthlogError } from '../errors.ts';
import { readFirstBlock } from './recorded.ts';
import { readLink } from '../record/chain.ts';
import { checkLog } from '../record/check-log.ts';
import type { Input } from '../source/input.ts';

const NEWLINE = 0x0a;

/** The chained ones among files of events whose chain does not hold; a rotated part may begin in its middle. */
export const brokenChains = async (
  inputs: readonly Input[],
  cwd: string,
): Promise<readonly BrokenChain[]> => {
  const broken: BrokenChain[] = [];
  for (const input of inputs) {
    if (input.kind !== 'file') continue;
    const link = await linkBefore(input, cwd);
    if (link === null) continue;
    const finding = await findingOf(resolve(cwd, input.path), link.after);
    if (finding === null) continue;
    broken.push({ file: input.path, line: finding.line ?? 1, why: finding.message });
  }
  return broken;
};

/** What the first record of a file is linked to, null in a chain's first; null for a file that is not a chained one. */
const linkBefore = async (
  input: Input,
  cwd: string,
): Promise<{ readonly after: string | null } | null> => {
  const block = await readFirstBlock(input, cwd);
  if (block === null) return null;
  const bytes = Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.length);
  const link = readLink(bytes.subarray(0, bytes.indexOf(NEWLINE)));
  return link === null ? null : { after: link.prev };
};

const findingOf = async (
  path: string,
  after: string | null,
): Promise<{ readonly line: number | null; readonly message: string } | null> => {
  try {
    return (await checkLog([path], { after })).finding;
  } catch (error) {
    // What can't be read is told of by the reading itself.
    if (error instanceof AuthlogError) return null;
    throw error;
  }
};
