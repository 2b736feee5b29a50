import type { Rule, Threshold } from '../../src/audit/rule.ts';
import { sigmaFile } from './sigma.ts';

const HEAD = `<!-- Made by \`npm run rules\`: change src/audit/rules instead. -->

# Rules of the audit

What \`authlog audit\` looks for: when each rule reports, what that means, and what to do. Thresholds are set in the
configuration file by the names below ([CONFIG.md](CONFIG.md)); spans of time are in seconds.

Rules that Sigma can express lie in [\`sigma/\`](../sigma) as Sigma 2.1 over the lines of \`authlog events\`, with the
thresholds that rules come with. A Sigma engine such as rsigma runs them:
\`authlog events access.log --secret-file secret | rsigma engine eval -r sigma --timestamp-field time\`.
`;

/** All rules as one page for people. */
export const rulesPage = (rules: readonly Rule[]): string =>
  [HEAD, tableOf(rules), ...rules.map(sectionOf)].join('\n');

const tableOf = (rules: readonly Rule[]): string => {
  const rows = rules.map(({ id, name, title, level, sigma }) => {
    const link = `[${id}](#${anchorOf(id, title)})`;
    return `| ${link} | \`${name}\` | ${title} | ${level} | ${'none' in sigma ? '' : 'yes'} |`;
  });
  return `${['| Id | Name | Finds | Level | Sigma |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')}\n`;
};

const sectionOf = (rule: Rule): string => {
  const { id, title, name, level, attack, condition, meaning, action, falsePositives } = rule;
  return `## ${id}: ${title}

\`${name}\`, usually **${level}**. ATT&CK: ${attack.length === 0 ? 'none' : attack.map(techniqueOf).join(', ')}.

**Reports when:** ${condition}

**Means:** ${meaning}

**Do:** ${action}

**False positives:**

${falsePositives.map((text) => `- ${text}`).join('\n')}

${thresholdsOf(Object.entries(rule.thresholds))}
**Sigma:** ${sigmaOf(rule)}
`;
};

const thresholdsOf = (thresholds: readonly (readonly [string, Threshold])[]): string => {
  if (thresholds.length === 0) return '**Thresholds:** none.\n';
  const rows = thresholds.map(
    ([name, { value, unit, means }]) => `| \`${name}\` | ${inUnit(value, unit)} | ${means} |`,
  );
  return `${['| Threshold | Default | Bounds |', '| --- | --- | --- |', ...rows].join('\n')}\n`;
};

const inUnit = (value: number, unit: Threshold['unit']): string => {
  if (unit !== 'seconds') return unit === 'count' ? `${value}` : `${value} ${unit}`;
  for (const [name, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
  ] as const) {
    if (value >= size && value % size === 0) return `${value} s (${value / size} ${name})`;
  }
  return `${value} s`;
};

const sigmaOf = (rule: Rule): string => {
  if (!('none' in rule.sigma)) return `[${sigmaFile(rule)}](../sigma/${sigmaFile(rule)})`;
  const { none } = rule.sigma;
  return `no. ${none.slice(0, 1).toUpperCase()}${none.slice(1).replace(/\.$/, '')}.`;
};

/** T1550.001 lies at /techniques/T1550/001/. */
const techniqueOf = (id: string): string =>
  `[${id}](https://attack.mitre.org/techniques/${id.replace('.', '/')}/)`;

/** As GitHub makes it of a heading. */
const anchorOf = (id: string, title: string): string =>
  `${id}: ${title}`
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
