/** A question that gets no answer: the status, and one sentence that says why. */
export class Refusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 421 | 429 | 500 | 503;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: Refusal['status'],
    sentence: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(sentence);
    this.name = 'Refusal';
    this.status = status;
    this.headers = headers;
  }

  /** The sentence as JSON, for scripts. */
  response(): Response {
    return new Response(`${JSON.stringify({ error: this.message })}\n`, {
      status: this.status,
      headers: { 'content-type': 'application/json; charset=utf-8', ...this.headers },
    });
  }
}
