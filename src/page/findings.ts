import { button, el, formatCount, plural } from './element.ts';
import type { FindingItem, FindingsSection } from './island.ts';
import { settingOf } from './memory.ts';
import { chosenRange, onRange } from './range.ts';
import { createTable } from './table.ts';
import type { Zone } from './zone.ts';

const FIRST = 50;
const TECHNIQUE = /^T(\d{4})(?:\.(\d{3}))?$/;

/** Findings, each folded under one line, with all that is known of it inside. */
export const createFindings = (section: FindingsSection, zone: Zone): readonly HTMLElement[] => {
  const { id, title, findings } = section;
  if (findings.length === 0) return [el('p', { class: 'none' }, section.none)];
  const setting = settingOf(id, null, FIRST);
  const list = el('div', { class: 'findings' });
  const count = el('p', { class: 'count', role: 'status' });
  const open = new Set<string>();
  const more = button(
    '',
    () => {
      setting.shown += FIRST;
      update();
    },
    { class: 'more', id: `${id}-more` },
  );
  const update = (): void => {
    const range = chosenRange();
    const wanted = setting.filter.trim().toLowerCase();
    const fit = findings.filter(
      (finding) =>
        (setting.level === '' || finding.level === setting.level) &&
        (wanted === '' || textOf(finding).includes(wanted)) &&
        (range === null || isWithin(finding, zone.stamp(range[0]), zone.stamp(range[1]))),
    );
    list.replaceChildren(
      ...fit.slice(0, setting.shown).map((finding) => cardOf(finding, zone, open)),
    );
    count.textContent =
      fit.length === findings.length
        ? plural(fit.length, 'finding')
        : `${formatCount(fit.length)} of ${plural(findings.length, 'finding')}`;
    more.hidden = fit.length <= setting.shown;
    more.textContent = `Show ${formatCount(Math.min(FIRST, fit.length - setting.shown))} more`;
  };
  onRange(update);
  update();
  const levels = [...new Set(findings.map(({ level }) => level))];
  const select = el(
    'select',
    { id: `${id}-level`, 'aria-label': 'Level' },
    el('option', { value: '' }, 'all levels'),
    ...levels.map((level) => el('option', { value: level }, level)),
  );
  select.value = setting.level;
  select.addEventListener('change', () => {
    setting.level = select.value;
    update();
  });
  const input = el('input', {
    type: 'search',
    id: `${id}-filter`,
    placeholder: 'Filter',
    'aria-label': `Filter: ${title}`,
    autocomplete: 'off',
    spellcheck: 'false',
  });
  input.value = setting.filter;
  input.addEventListener('input', () => {
    setting.filter = input.value;
    update();
  });
  return [el('div', { class: 'toolbar' }, input, select, count), list, more];
};

const textOf = (finding: FindingItem): string =>
  [
    finding.rule,
    finding.level,
    finding.title,
    finding.why,
    finding.who,
    ...finding.attack,
    ...finding.evidence.flatMap(({ place, token }) => [place, token]),
  ]
    .join('\n')
    .toLowerCase();

const isWithin = ({ first, last }: FindingItem, from: string, to: string): boolean =>
  first === null || last === null || (first <= to && last >= from);

const cardOf = (finding: FindingItem, zone: Zone, open: Set<string>): HTMLElement => {
  const { id, rule, level, title, who, when } = finding;
  const card = el(
    'details',
    { class: `finding ${level}`, open: open.has(id) },
    el(
      'summary',
      {},
      el('span', { class: `level ${level}` }, level),
      el('span', { class: 'title' }, title),
      el('span', { class: 'who' }, who),
      el('span', { class: 'when' }, when),
      el('code', {}, rule),
    ),
  );
  const fill = (): void => {
    if (card.open) open.add(id);
    else open.delete(id);
    if (card.open && card.childElementCount === 1) card.append(insideOf(finding, zone));
  };
  fill();
  card.addEventListener('toggle', fill);
  return card;
};

const insideOf = (finding: FindingItem, zone: Zone): HTMLElement => {
  const { id, why, action, meaning, harmless, attack, evidence, count } = finding;
  const rows: [string, Node | string][] = [
    ['Why', why],
    ['What to do', action],
    ['What it means', meaning],
  ];
  if (harmless.length > 0) rows.push(['May be harmless', harmless.join(' ')]);
  if (attack.length > 0) rows.push(['ATT&CK', el('span', {}, ...attack.flatMap(techniqueOf))]);
  const facts = el(
    'dl',
    {},
    ...rows.flatMap(([term, text]) => [el('dt', {}, term), el('dd', {}, text)]),
  );
  const told =
    count > evidence.length
      ? `the first ${formatCount(evidence.length)} of ${formatCount(count)}`
      : plural(evidence.length, 'place');
  const table = createTable(
    {
      kind: 'table',
      id: `${id}-evidence`,
      title: `Evidence of ${finding.title}`,
      about: null,
      columns: [
        { title: 'Where', type: 'code' },
        { title: 'When', type: 'time' },
        { title: 'token_id', type: 'code' },
      ],
      rows: evidence.map(({ place, time, token }) => [place, time, token]),
    },
    zone,
  );
  return el('div', { class: 'inside' }, facts, el('h3', {}, `Evidence: ${told}`), ...table);
};

/** A link where it is a technique; it leads out of this file only when somebody follows it. */
const techniqueOf = (name: string): readonly (Node | string)[] => {
  const parts = TECHNIQUE.exec(name);
  if (parts === null) return [name, ' '];
  const path = parts[2] === undefined ? `T${parts[1]}` : `T${parts[1]}/${parts[2]}`;
  const link = el(
    'a',
    {
      href: `https://attack.mitre.org/techniques/${path}/`,
      rel: 'noreferrer noopener',
      target: '_blank',
    },
    name,
  );
  return [link, ' '];
};
