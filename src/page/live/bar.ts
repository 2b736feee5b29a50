import { button, el } from '../element.ts';
import { boundsOf, placeOf, RANGES, type Bounds } from './place.ts';

/** The bar above a live page: where to go, which time, what to look for, and how the page is. */
export interface Bar {
  readonly element: HTMLElement;
  tell(state: string, isAway: boolean): void;
}

export const createBar = (go: (place: string) => void): Bar => {
  const bounds = boundsOf(location.search);
  const state = el('p', { class: 'state', role: 'status' });
  const element = el(
    'nav',
    { class: 'live', 'aria-label': 'Report' },
    el('a', { href: placeOf('/', bounds) }, 'Report'),
    rangesOf(bounds, go),
    searchOf(bounds, go),
    state,
    button('Sign out', () => void signOut(), { id: 'sign-out' }),
  );
  return {
    element,
    tell: (text, isAway) => {
      state.textContent = text;
      state.classList.toggle('away', isAway);
    },
  };
};

/** The page's address with another window. */
const here = (bounds: Bounds): string => {
  const q = new URLSearchParams(location.search).get('q') ?? '';
  return placeOf(location.pathname, bounds, { q });
};

const CUSTOM = 'custom';

const rangesOf = (bounds: Bounds, go: (place: string) => void): HTMLElement => {
  const known = RANGES.find(([, since]) => since === bounds.since && bounds.until === '');
  const select = el(
    'select',
    { id: 'range' },
    ...RANGES.map(([name, since]) => el('option', { value: since }, name)),
    el('option', { value: CUSTOM }, 'Custom'),
  );
  select.value = known?.[1] ?? CUSTOM;
  const custom = customOf(bounds, go);
  custom.hidden = known !== undefined;
  select.addEventListener('change', () => {
    custom.hidden = select.value !== CUSTOM;
    if (select.value === CUSTOM) custom.querySelector('input')?.focus();
    else go(here({ since: select.value, until: '' }));
  });
  return el('div', { class: 'ranges' }, el('label', { for: 'range' }, 'Time'), select, custom);
};

/** A moment as the command line takes it. */
const momentField = (name: string, value: string, example: string): HTMLInputElement => {
  const input = el('input', {
    class: 'moment',
    id: `range-${name}`,
    placeholder: example,
    'aria-label': name === 'since' ? 'From' : 'Until',
    autocomplete: 'off',
    maxlength: 40,
  });
  input.value = value;
  return input;
};

const customOf = (bounds: Bounds, go: (place: string) => void): HTMLElement => {
  const since = momentField('since', bounds.since, '2026-11-20 or 36h');
  const until = momentField('until', bounds.until, 'now');
  return el(
    'form',
    {
      on: {
        submit: (event) => {
          event.preventDefault();
          go(here({ since: since.value.trim(), until: until.value.trim() }));
        },
      },
    },
    since,
    until,
    el('button', {}, 'Show'),
  );
};

const searchOf = (bounds: Bounds, go: (place: string) => void): HTMLElement => {
  const input = el('input', {
    type: 'search',
    id: 'search',
    placeholder: 'User, token_id or address',
    'aria-label': 'Search',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 256,
  });
  input.value = new URLSearchParams(location.search).get('q') ?? '';
  return el(
    'form',
    {
      role: 'search',
      on: {
        submit: (event) => {
          event.preventDefault();
          const q = input.value.trim();
          if (q !== '') go(placeOf('/search', bounds, { q }));
        },
      },
    },
    input,
    el('button', {}, 'Search'),
  );
};

const signOut = async (): Promise<void> => {
  await fetch('/logout', { method: 'POST', redirect: 'manual' });
  location.assign('/');
};
