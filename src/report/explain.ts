import type { LineExplanation, Step, TokenExplanation } from '../judge/explain.ts';
import { escapeText } from './escape.ts';
import type { Theme } from './theme.ts';

const NAME_WIDTH = 10;

/** The steps from a line to its verdicts, as text. */
export const renderExplanation = (
  place: string,
  { fields, tokens }: LineExplanation,
  theme: Theme,
): string => {
  const facts = [
    ['time', Number.isNaN(fields.time) ? null : new Date(fields.time).toISOString()],
    ['ip', fields.ip],
    ['method', fields.method],
    ['path', fields.path],
    ['status', fields.status],
    ['request', fields.requestId],
    ['event', fields.event],
  ] as const;
  const lines = [theme.strong(escapeText(place))];
  for (const [name, value] of facts)
    if (value !== null) lines.push(row(name, escapeText(String(value))));
  if (tokens.length === 0) lines.push(row('tokens', 'none found in this line'));
  for (const [index, token] of tokens.entries()) {
    lines.push('', ...tokenLines(token, `Token ${index + 1} of ${tokens.length}`, theme));
  }
  return `${lines.join('\n')}\n`;
};

const row = (name: string, text: string): string => `  ${name.padEnd(NAME_WIDTH)} ${text}`;

const tokenLines = (token: TokenExplanation, title: string, theme: Theme): string[] => {
  const [from, to] = token.columns;
  const paint = token.verdict === 'valid' ? theme.good : theme.bad;
  const verdict =
    token.reason === null ? token.verdict : `${token.verdict} (${escapeText(token.reason)})`;
  return [
    `${theme.strong(title)}  columns ${from}-${to}, token_id ${token.tokenId}`,
    ...token.steps.map((step) => stepLine(step, theme)),
    row('verdict', paint(verdict)),
  ];
};

const stepLine = ({ name, outcome, text }: Step, theme: Theme): string => {
  const marks = theme.unicode
    ? { passed: '✓', failed: '✗', told: ' ' }
    : { passed: '+', failed: 'x', told: ' ' };
  const paint = outcome === 'failed' ? theme.bad : outcome === 'passed' ? theme.good : theme.faint;
  return `${paint(marks[outcome])} ${name.padEnd(NAME_WIDTH)} ${escapeText(text)}`;
};
