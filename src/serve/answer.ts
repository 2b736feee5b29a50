import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const zip = promisify(gzip);
/** Less is not worth a second copy. */
const LEAST_ZIPPED = 1400;

/** A JSON text that many ask for: told once, and zipped once. */
export class Answer {
  /** Of the numbers alone: the same as long as nothing but the present has changed. */
  readonly etag: string;
  readonly #body: Uint8Array<ArrayBuffer>;
  #zipped: Promise<Uint8Array<ArrayBuffer>> | null = null;

  constructor(chunks: Iterable<string>) {
    const text = [...chunks].join('');
    this.#body = Uint8Array.from(Buffer.from(text, 'utf8'));
    const lasting = text.replace(/^ {2}"now": .*\n/m, '');
    this.etag = `W/"${createHash('sha256').update(lasting).digest('base64url').slice(0, 22)}"`;
  }

  /** The answer to one request; 304 to one that has it. */
  async response({ headers }: Request): Promise<Response> {
    const fields = {
      'content-type': 'application/json; charset=utf-8',
      etag: this.etag,
      vary: 'accept-encoding',
    };
    if (headers.get('if-none-match') === this.etag) {
      return new Response(null, { status: 304, headers: fields });
    }
    const accepts = /(?:^|,)\s*gzip\s*(?:,|$)/.test(headers.get('accept-encoding') ?? '');
    if (!accepts || this.#body.length < LEAST_ZIPPED) {
      return new Response(this.#body, { headers: fields });
    }
    this.#zipped ??= zip(this.#body, { level: 6 }).then((bytes) => Uint8Array.from(bytes));
    return new Response(await this.#zipped, { headers: { ...fields, 'content-encoding': 'gzip' } });
  }
}
