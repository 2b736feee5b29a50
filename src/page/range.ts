/** A span of time in seconds since the epoch. */
export type Range = readonly [from: number, to: number];

type Listener = (range: Range | null) => void;

let chosen: Range | null = null;
let listeners: Listener[] = [];

/** The span that was chosen on the timeline; null for all of it. */
export const chosenRange = (): Range | null => chosen;

export const chooseRange = (range: Range | null): void => {
  chosen = range;
  for (const listener of listeners) listener(range);
};

export const onRange = (listener: Listener): void => {
  listeners.push(listener);
};

/** To be called before the page is shown anew. */
export const forgetListeners = (): void => {
  listeners = [];
};
