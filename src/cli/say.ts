import { AuthlogError } from '../errors.ts';
import { errorCode } from '../keys/printable.ts';
import { renderError } from '../report/error.ts';
import type { Host } from './host.ts';
import { themeFor } from './look.ts';

/** What a server that goes on tells the person who runs it, on standard error. */
export interface Say {
  readonly remark: (sentence: string) => void;
  readonly alarm: (sentence: string, error: unknown) => void;
}

/** Tells in the colours of the terminal, where there is one. */
export const sayTo = async (host: Host): Promise<Say> => {
  const theme = await themeFor(host, host.stderr, 'auto');
  const say = (sentence: string, hint: string | null): void => {
    host.stderr.write(renderError(sentence, hint, theme));
  };
  return {
    remark: (sentence) => say(sentence, null),
    alarm: (sentence, error) => {
      const isOwn = error instanceof AuthlogError;
      const cause = isOwn ? error.message : (errorCode(error) ?? 'internal error');
      say(`${sentence}: ${cause}`, isOwn ? error.hint : null);
    },
  };
};
