import { el } from './element.ts';
import { createBars, createFigures, createNotes } from './figures.ts';
import { createFindings } from './findings.ts';
import type { Section } from './island.ts';
import { createSteps } from './steps.ts';
import { createTable } from './table.ts';
import { createTimeline } from './timeline.ts';
import type { Zone } from './zone.ts';

/** What a section is made of, and what is to be done once it is in the page. */
interface Made {
  readonly elements: readonly HTMLElement[];
  readonly start: () => void;
}

const still = (...elements: readonly HTMLElement[]): Made => ({ elements, start: () => undefined });

const make = (section: Section, zone: Zone): Made => {
  switch (section.kind) {
    case 'figures':
      return still(createFigures(section));
    case 'bars':
      return still(createBars(section));
    case 'timeline':
      return createTimeline(section, zone);
    case 'steps':
      return createSteps(section, zone);
    case 'table':
      return still(...createTable(section, zone));
    case 'findings':
      return still(...createFindings(section, zone));
    default:
      return still(createNotes(section));
  }
};

/** A part of the page with its heading. */
export const createSection = (
  section: Section,
  zone: Zone,
): { readonly element: HTMLElement; readonly start: () => void } => {
  const { id, title, about, kind, half } = section;
  const { elements, start } = make(section, zone);
  const isFolded = kind === 'table' && section.folded === true;
  const heading = el('h2', { id: `${id}-title` }, title);
  const inside = [about === null ? null : el('p', { class: 'about' }, about), ...elements];
  const element = el(
    'section',
    { id, class: `${kind}${half === true ? ' half' : ''}`, 'aria-labelledby': `${id}-title` },
    ...(isFolded
      ? [el('details', {}, el('summary', {}, heading), ...inside)]
      : [heading, ...inside]),
  );
  return { element, start };
};
