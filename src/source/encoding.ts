import { Buffer } from 'node:buffer';
import type { ByteReader } from './byte-reader.ts';
import type { InputNotice } from './input.ts';

export const SAMPLE = 4096;
const LEAST_EVIDENCE = 64;
/** Bytes of a byte-order mark. */
const LONGEST_MARK = 3;

type Encoding = { readonly label: 'utf-8' | 'utf-16le' | 'utf-16be'; readonly bom: number };

/**
 * The text as UTF-8 without its byte-order mark; UTF-16 is transcoded. Rethrows what ended the reader early.
 * `isLive`: what comes first is not held back until there is enough evidence.
 */
export async function* asUtf8(
  reader: ByteReader,
  onNotice: (notice: InputNotice) => void,
  isLive = false,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const { label, bom } = detectEncoding(
      await reader.peek(SAMPLE, isLive ? LONGEST_MARK : SAMPLE),
    );
    await reader.take(bom);
    if (label === 'utf-8') {
      for (let bytes = await reader.next(); bytes !== null; bytes = await reader.next())
        yield bytes;
    } else {
      onNotice({
        code: 'utf16',
        message: `read as ${label.toUpperCase()}; offsets count its UTF-8 form`,
      });
      yield* transcode(reader, label);
    }
    if (reader.failure !== null) throw reader.failure;
  } finally {
    await reader.close();
  }
}

async function* transcode(
  reader: ByteReader,
  label: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new TextDecoder(label, { ignoreBOM: true });
  for (let bytes = await reader.next(); bytes !== null; bytes = await reader.next()) {
    yield Buffer.from(decoder.decode(bytes, { stream: true }));
  }
  yield Buffer.from(decoder.decode());
}

/** Whether text that begins with `sample` needs neither transcoding nor a mark taken off. */
export const isBareUtf8 = (sample: Buffer): boolean => {
  const { label, bom } = detectEncoding(sample.subarray(0, SAMPLE));
  return label === 'utf-8' && bom === 0;
};

const detectEncoding = (sample: Buffer): Encoding => {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) {
    return { label: 'utf-8', bom: 3 };
  }
  if (sample[0] === 0xff && sample[1] === 0xfe) return { label: 'utf-16le', bom: 2 };
  if (sample[0] === 0xfe && sample[1] === 0xff) return { label: 'utf-16be', bom: 2 };
  return { label: guess(sample), bom: 0 };
};

/** Mostly-ASCII UTF-16 has a zero in nearly every second byte and hardly any between. */
const guess = (sample: Buffer): Encoding['label'] => {
  if (sample.length < LEAST_EVIDENCE) return 'utf-8';
  let even = 0;
  let odd = 0;
  for (let at = 0; at < sample.length; at += 2) {
    if (sample[at] === 0) even++;
    if (sample[at + 1] === 0) odd++;
  }
  const most = 0.45 * sample.length;
  const least = 0.02 * sample.length;
  if (odd >= most && even <= least) return 'utf-16le';
  if (even >= most && odd <= least) return 'utf-16be';
  return 'utf-8';
};
