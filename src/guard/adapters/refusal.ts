import type { Decision } from '../decide.ts';

/** The answer to a refused request: the reason is for the log alone. */
export interface RefusalAnswer {
  readonly status: 401 | 403;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Null where the request is granted. */
export const refusalOf = ({ status, challenge }: Decision): RefusalAnswer | null =>
  status === 204
    ? null
    : {
        status,
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          'cache-control': 'no-store',
          ...(challenge !== null && { 'www-authenticate': challenge }),
        },
        body: 'access denied\n',
      };
