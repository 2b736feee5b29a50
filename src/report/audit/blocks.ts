import { textWidth, wrap } from '../width.ts';

/** Columns of ` where  `, the widest label with what stands around it. */
const MARGIN = 8;

/** ` why    text`, and further lines beneath the text. */
export const labelled = (label: string, text: string, width: number): string[] =>
  beneath(label, wrap(text, width - MARGIN));

/** Lines that are already no wider than `roomFor` says, with the label before the first. */
export const beneath = (label: string, lines: readonly string[]): string[] =>
  lines.map((line, at) => ` ${(at === 0 ? label : '').padEnd(MARGIN - 1)}${line}`);

/** Columns beside the label. */
export const roomFor = (width: number): number => width - MARGIN;

/** A command after what it is for, on a line of its own where both do not fit; never broken, because it is there to be copied. */
export const commandLines = (
  reason: string,
  command: string | null,
  other: string,
  width: number,
): string[] => {
  for (const one of command === null ? [other] : [command, other]) {
    if (textWidth(reason) + textWidth(one) < width) return [`${reason} ${one}`];
    if (textWidth(one) + 2 <= width) return [...wrap(reason, width), `  ${one}`];
  }
  return wrap(`${reason} ${other}`, width);
};
