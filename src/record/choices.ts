export const DURABILITIES = ['none', 'interval', 'always'] as const;
/** `none`: the system decides; `interval`: at most a second after a write; `always`: before it counts as written. */
export type Durability = (typeof DURABILITIES)[number];

export const RECORD_FORMATS = ['jsonl', 'text'] as const;
/** `jsonl`: `authlog.event/1`, no token in it; `text`: the token itself and what was done, a line each. */
export type RecordFormat = (typeof RECORD_FORMATS)[number];
