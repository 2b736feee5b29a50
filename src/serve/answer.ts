import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const zip = promisify(gzip);
/** Less is not worth a second copy. */
const LEAST_ZIPPED = 1400;

interface Status {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const FOUND: Status = { status: 200, headers: {} };

/** A text that many ask for: told once, and zipped once. */
export class Answer {
  /** Of the numbers alone: the same as long as nothing but the present has changed. */
  readonly etag: string;
  readonly #body: Uint8Array<ArrayBuffer>;
  #zipped: Promise<Uint8Array<ArrayBuffer>> | null = null;

  readonly #fields: Readonly<Record<string, string>>;

  /** @param fields of the answer, JSON unless they say otherwise */
  constructor(
    chunks: Iterable<string>,
    fields: Readonly<Record<string, string>> = {
      'content-type': 'application/json; charset=utf-8',
    },
  ) {
    this.#fields = fields;
    const text = [...chunks].join('');
    this.#body = Uint8Array.from(Buffer.from(text, 'utf8'));
    const lasting = text.replace(/^ {2}"now": .*\n/m, '');
    this.etag = `W/"${createHash('sha256').update(lasting).digest('base64url').slice(0, 22)}"`;
  }

  /** The answer to one request; 304 to one that has it. `more`: another status than 200, and its fields. */
  async response({ headers }: Request, more: Status = FOUND): Promise<Response> {
    const { status } = more;
    const fields = {
      ...more.headers,
      ...this.#fields,
      etag: this.etag,
      vary: 'accept, accept-encoding',
    };
    if (status === 200 && headers.get('if-none-match') === this.etag) {
      return new Response(null, { status: 304, headers: fields });
    }
    const accepts = /(?:^|,)\s*gzip\s*(?:,|$)/.test(headers.get('accept-encoding') ?? '');
    if (!accepts || this.#body.length < LEAST_ZIPPED) {
      return new Response(this.#body, { status, headers: fields });
    }
    this.#zipped ??= zip(this.#body, { level: 6 }).then((bytes) => Uint8Array.from(bytes));
    const zipped = { ...fields, 'content-encoding': 'gzip' };
    return new Response(await this.#zipped, { status, headers: zipped });
  }
}
