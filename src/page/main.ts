import { forgetColours, otherScheme, startAppearance, switchScheme } from './appearance.ts';
import { button, el } from './element.ts';
import type { Island } from './island.ts';
import { forgetListeners } from './range.ts';
import { createSection } from './section.ts';
import { zoneOf } from './zone.ts';

/** Shows an island in place of what was shown; what was sorted, filtered and chosen stays, and so does the focus. */
const render = (island: Island): void => {
  const focused = document.activeElement?.id ?? '';
  forgetColours();
  forgetListeners();
  const zone = zoneOf(island.tz);
  const sections = island.sections.map((section) => createSection(section, zone));
  const page = el(
    'div',
    { class: 'page', id: 'page' },
    headerOf(island),
    el('main', {}, ...sections.map(({ element }) => element)),
    el('footer', {}, island.footer),
  );
  const before = document.getElementById('page');
  if (before === null) document.body.prepend(page);
  else before.replaceWith(page);
  for (const { start } of sections) start();
  if (focused !== '') document.getElementById(focused)?.focus();
};

const schemeLabel = (): string => (otherScheme() === 'dark' ? 'Dark' : 'Light');

const headerOf = ({ heading, facts, stamps }: Island): HTMLElement => {
  const scheme = button(
    schemeLabel(),
    () => {
      switchScheme();
      scheme.textContent = schemeLabel();
    },
    { id: 'scheme', class: 'scheme', title: 'Switch between light and dark' },
  );
  return el(
    'header',
    {},
    el('p', { class: 'brand' }, 'authlog'),
    el('h1', {}, heading),
    scheme,
    el('ul', { class: 'facts' }, ...facts.map((fact) => el('li', {}, fact))),
    ...stamps.map((stamp) => el('p', { class: 'stamp' }, stamp)),
  );
};

declare global {
  interface Window {
    /** For the script of a live page. */
    authlogPage?: { readonly render: typeof render };
  }
}

startAppearance();
window.authlogPage = { render };
render(JSON.parse(document.getElementById('island')!.textContent) as Island);
performance.mark('authlog-shown');
