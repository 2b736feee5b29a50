/** Thousands separated by commas, whatever the locale of the machine: `24,105`. */
export const formatCount = (count: number): string =>
  String(count).replace(/(?<=\d)(?=(?:\d{3})+$)/g, ',');

/** `1 token`, `24,105 tokens`. */
export const plural = (count: number, one: string, many: string = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
