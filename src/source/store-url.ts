/** Whether a source is a store and not a file: it begins with the scheme of one. */
export const isStoreUrl = (text: string): boolean =>
  text.startsWith('duckdb:') || /^(?:mongodb(?:\+srv)?|clickhouses?):\/\//.test(text);

/** The URL as messages and reports show it: without user, password and options. */
export const shownStoreUrl = (url: string): string => {
  if (url.startsWith('duckdb:')) return url;
  const [, scheme = '', rest = ''] = /^([a-z+]+:\/\/)(.*)/s.exec(url) ?? [];
  // The last @ of all: a password that was not encoded may hold any of /?#@.
  return scheme + rest.slice(rest.lastIndexOf('@') + 1).replace(/[?#].*/s, '');
};
