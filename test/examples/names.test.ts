import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { IDENTITY_HEADERS } from '../../src/guard/identity-headers.ts';
import { ROOT } from '../support/cli.ts';

const FIELD = /x[-_]auth[-_][a-z_-]+/gi;

const fieldsOf = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(FIELD)].map(([name]) => name.toLowerCase().replaceAll('_', '-'))),
];

test.each([
  ['nginx/authlog.conf', /proxy_set_header (x-auth-[a-z-]+) \$authlog_/gi],
  ['nginx/authlog.conf', /auth_request_set \$authlog_[a-z_]+ \$upstream_http_(x_auth_[a-z_]+);/gi],
  ['caddy/Caddyfile', /copy_headers (.+)/gi],
  ['caddy/Caddyfile', /request_header (x-auth-[a-z-]+) /gi],
  ['traefik/dynamic.yml', /^ {10}- (x-auth-[a-z-]+)$/gim],
])('%s names every field that says who calls (%s)', (file, place) => {
  const text = readFileSync(`${ROOT}examples/${file}`, 'utf8');
  const named = [...text.matchAll(place)].map((match) => match[1]!).join('\n');
  expect(fieldsOf(named).toSorted()).toEqual([...IDENTITY_HEADERS].toSorted());
});

test('Traefik asks the guard of this repository, and believes no client', () => {
  const text = readFileSync(`${ROOT}examples/traefik/dynamic.yml`, 'utf8');
  expect(text).toMatch(/^ {8}address: http:\/\/127\.0\.0\.1:8787\/verify$/m);
  expect(text).toMatch(/^ {8}trustForwardHeader: false$/m);
  const asked = /authRequestHeaders:\n((?: {10}- .+\n)+)/.exec(text)![1]!;
  expect(asked.match(/[\w-]+$/gm)).toEqual(['Authorization', 'User-Agent', 'X-Request-Id']);
  // Indentation is by two spaces, which is all that YAML asks for here.
  for (const line of text.split('\n')) expect(line).toMatch(/^(?: {2})*(?:\S.*)?$/);
});
