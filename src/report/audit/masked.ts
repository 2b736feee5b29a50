import { shownText } from '../../verify/identity.ts';

/** The same value, where no text of it, however deep, holds a usable token any more. */
export const withoutTokens = <Value>(value: Value): Value => masked(value) as Value;

const masked = (value: unknown): unknown => {
  if (typeof value === 'string') return shownText(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, masked(item)]));
};
