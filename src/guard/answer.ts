import type { ServerResponse } from 'node:http';
import type { Decision } from './decide.ts';

const BODY = 'access denied\n';
const BODY_LENGTH = String(BODY.length);

/** Answers with a decision; the body says no more than the status, whatever the reason. */
export const answer = (response: ServerResponse, decision: Decision, isLast: boolean): void => {
  const { status, challenge, identity } = decision;
  const headers = ['Cache-Control', 'no-store'];
  if (isLast) headers.push('Connection', 'close');
  if (status === 204) {
    for (const name in identity) headers.push(name, identity[name]!);
    response.writeHead(204, headers).end();
    return;
  }
  if (challenge !== null) headers.push('WWW-Authenticate', challenge);
  headers.push('Content-Type', 'text/plain; charset=utf-8', 'Content-Length', BODY_LENGTH);
  response.writeHead(status, headers).end(BODY);
};

/** A short text, for people and probes. */
export const answerText = (response: ServerResponse, status: number, text: string): void => {
  const body = `${text}\n`;
  const length = String(Buffer.byteLength(body));
  response
    .writeHead(status, [
      'Cache-Control',
      'no-store',
      'Content-Type',
      'text/plain; charset=utf-8',
      'Content-Length',
      length,
    ])
    .end(body);
};
