type Scheme = 'light' | 'dark';

const wishes = matchMedia('(prefers-color-scheme: dark)');
const root = document.documentElement;

let picked: Scheme | null = null;
let isPrinting = false;
let redraw: (() => void)[] = [];

const scheme = (): Scheme => {
  // Paper is light.
  if (isPrinting) return 'light';
  return picked ?? (wishes.matches ? 'dark' : 'light');
};

const apply = (): void => {
  root.dataset['scheme'] = scheme();
  for (const draw of redraw) draw();
};

/** Called whenever colours change: what is drawn, not laid out, must be drawn anew. */
export const onColours = (draw: () => void): void => {
  redraw.push(draw);
};

export const forgetColours = (): void => {
  redraw = [];
};

export const otherScheme = (): Scheme => (scheme() === 'dark' ? 'light' : 'dark');

export const switchScheme = (): void => {
  picked = otherScheme();
  apply();
};

/** The value of one of the style's variables. */
export const colour = (name: string): string =>
  getComputedStyle(root).getPropertyValue(`--${name}`).trim();

/** Follows the system until somebody picks, and the printer always. */
export const startAppearance = (): void => {
  apply();
  wishes.addEventListener('change', apply);
  addEventListener('beforeprint', () => {
    isPrinting = true;
    for (const folded of document.querySelectorAll('details')) folded.open = true;
    apply();
  });
  addEventListener('afterprint', () => {
    isPrinting = false;
    apply();
  });
};
