import type { Island } from '../island.ts';
import { createBar } from './bar.ts';
import { boundsOf, placeOf } from './place.ts';

const bar = createBar((place) => location.assign(place));
document.body.prepend(bar.element);

/** The island that is shown, as canonical text: what has not changed is not drawn anew. */
let shown = JSON.stringify(JSON.parse(document.getElementById('island')!.textContent));

const clock = (): string => new Date().toLocaleTimeString('en-GB');

const refresh = async (): Promise<void> => {
  const response = await fetch(location.href, { headers: { accept: 'application/json' } });
  if (response.status === 401) {
    location.reload();
    return;
  }
  const answer: unknown = await response.json();
  if (!response.ok) {
    bar.tell((answer as { readonly error: string }).error, true);
    return;
  }
  const text = JSON.stringify(answer);
  if (text !== shown) {
    shown = text;
    window.authlogPage?.render(answer as Island);
  }
  bar.tell(`Live, ${clock()}`, false);
};

let refreshing: Promise<void> = Promise.resolve();
const events = new EventSource(placeOf('/api/events', boundsOf(location.search)));
events.addEventListener('change', () => {
  // One after the other: the last answer is the one that stays.
  refreshing = refreshing.then(refresh).catch(() => bar.tell('The server is away', true));
});
events.addEventListener('error', () => bar.tell('The server is away', true));
// The session has ended: the server shows its form.
events.addEventListener('end', () => location.reload());
