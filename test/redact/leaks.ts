import { createHmac } from 'node:crypto';
import { SECRET } from '../support/tokens.ts';

/** The text with one layer less of every spelling, by other means than those of the program. */
const unspelled = (text: string): string =>
  text
    .replaceAll('\0', '')
    .replaceAll(/%u([\da-f]{4})|\\u([\da-f]{4})/gi, (_, a: string, b: string) =>
      String.fromCharCode(Number.parseInt(a ?? b, 16)),
    )
    .replaceAll(/[%=]([\da-f]{2})|\\x([\da-f]{2})/gi, (_, a: string, b: string) =>
      String.fromCharCode(Number.parseInt(a ?? b, 16)),
    )
    .replaceAll(/\\([0-3][0-7][0-7])/g, (_, a: string) =>
      String.fromCharCode(Number.parseInt(a, 8)),
    )
    .replaceAll(/&#x([\da-f]+);/gi, (_, a: string) => String.fromCharCode(Number.parseInt(a, 16)))
    .replaceAll(/&#(\d+);/g, (_, a: string) => String.fromCharCode(Number(a)))
    .replaceAll('&period;', '.')
    .replaceAll(/\\[nrt]/g, '')
    .replaceAll(/\\(.)/g, '$1');

/** What somebody may read in a text: as it is, without its spellings, and what its base64 decodes to. */
const readingsOf = (text: string): readonly string[] => {
  const readings = [text];
  for (let i = 0; i < 5; i++) {
    const last = readings.at(-1)!;
    const next = unspelled(last);
    if (next !== last) readings.push(next);
  }
  for (const reading of readings.slice()) {
    for (const [run] of reading.matchAll(/[\w+/-]{60,}/g)) {
      for (const skipped of [0, 1, 2, 3]) {
        readings.push(Buffer.from(run.slice(skipped), 'base64').toString('latin1'));
      }
    }
  }
  return readings.map((reading) => reading.replaceAll('+', '-').replaceAll('/', '_'));
};

const WINDOW = 16;

/** The first piece of 16 characters of a secret that is in the text, however it is spelled; else null. */
export const leakIn = (text: string, secrets: readonly string[]): string | null => {
  const readings = readingsOf(text);
  for (const secret of secrets) {
    for (let at = 0; at + WINDOW <= secret.length; at++) {
      const piece = secret.slice(at, at + WINDOW);
      if (readings.some((reading) => reading.includes(piece))) return piece;
    }
  }
  return null;
};

/** The first token in the text that `SECRET` verifies, however it is spelled; else null. */
export const usableIn = (text: string): string | null => {
  for (const reading of readingsOf(text)) {
    const plain = reading.replaceAll('=', '');
    for (const [, header = '', payload = '', signature = ''] of plain.matchAll(
      /(?=(?<![\w-])([\w-]+)\.([\w-]*)\.([\w-]{40,}))/g,
    )) {
      for (let at = 0; at < header.length; at++) {
        const input = `${header.slice(at)}.${payload}`;
        const made = createHmac('sha256', SECRET).update(input).digest('base64url');
        if (signature.includes(made)) return `${input}.${made}`;
      }
    }
  }
  return null;
};
