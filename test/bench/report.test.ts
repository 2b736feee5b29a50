import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reports } from './modules.ts';

test('docs/PERFORMANCE.md and the summaries are what npm run bench:report makes of the kept runs', () => {
  const made = reports();
  expect(made.length).toBeGreaterThan(1);
  for (const { file, text } of made) expect(readFileSync(file, 'utf8')).toBe(text);
});
