import { expect, test } from 'vitest';
import { renderError } from '../../src/report/error.ts';
import { createTheme } from '../../src/report/theme.ts';

const plain = await createTheme({ color: false, unicode: true });

test('an error is its sentence and, below it, the next step', () => {
  expect(renderError('cannot read a.log: EACCES', 'Try sudo', plain)).toBe(
    'authlog: cannot read a.log: EACCES\n  Try sudo\n',
  );
  expect(renderError('no source', null, plain)).toBe('authlog: no source\n');
});

test('row 45: a hostile file name stays on its line', () => {
  expect(renderError('cannot read \x1B[2Jx\nauthlog: all fine', null, plain)).toBe(
    'authlog: cannot read \\x1B[2Jx\\nauthlog: all fine\n',
  );
});

test('row 52: colour only where it is wanted', async () => {
  const coloured = await createTheme({ color: true, unicode: true });
  expect(renderError('x', null, plain)).not.toContain('\x1B');
  expect(renderError('x', null, coloured)).toContain('\x1B[31mauthlog:');
});
