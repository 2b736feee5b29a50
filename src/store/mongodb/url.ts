import { AuthlogError } from '../../errors.ts';

/** Where events are in MongoDB. */
export interface MongoAddress {
  /** What the driver is given: without the options that are this program's own. */
  readonly url: string;
  readonly database: string;
  /** A collection that somebody else writes, null for this program's own. */
  readonly collection: string | null;
  /** Null: events stay. */
  readonly retentionDays: number | null;
  /** The URL asks for a write concern. */
  readonly hasWriteConcern: boolean;
  /** To be shown: no user, no password, no options. */
  readonly label: string;
}

const SHAPE =
  /^(mongodb(?:\+srv)?:\/\/(?:[^@/?]*@)?[^@/?,]+(?:,[^@/?,]+)*)(?:\/([^?/@]*))?(?:\?(.*))?$/s;
const NAME = /^[A-Za-z_]\w{0,62}$/;
const MOST_DAYS = 36_500;

/** Reads `mongodb://[user:password@]host[,host]/database?collection=…&retentionDays=…`; throws USAGE. */
export const parseMongoUrl = (text: string): MongoAddress => {
  const label = shownUrl(text);
  const [, hosts, path, query = ''] = SHAPE.exec(text) ?? [];
  if (hosts === undefined) {
    throw new AuthlogError(
      'USAGE',
      'this is no URL of a MongoDB database',
      'Write mongodb://HOST:27017/DATABASE; in user and password, %40 stands for @ and %2F for /.',
    );
  }
  const database = decoded(path === undefined || path === '' ? 'authlog' : path);
  if (!NAME.test(database)) {
    throw new AuthlogError(
      'USAGE',
      'the name of a database consists of letters, digits and _',
      'Name another one: mongodb://HOST/DATABASE.',
    );
  }
  const options = query.split('&').filter((option) => option !== '');
  const own = (name: string): string | null => {
    const found = options.findLast((option) => option.startsWith(`${name}=`));
    return found === undefined ? null : decoded(found.slice(name.length + 1));
  };
  const others = options.filter((option) => !/^(?:collection|retentionDays)=/.test(option));
  return {
    url: `${hosts}/${path ?? ''}${others.length === 0 ? '' : `?${others.join('&')}`}`,
    database,
    collection: readCollection(own('collection')),
    retentionDays: readDays(own('retentionDays')),
    hasWriteConcern: others.some((option) => /^w=/i.test(option)),
    label,
  };
};

/** Up to the last @ all may be a password, whatever stands in it. */
const shownUrl = (text: string): string => {
  const scheme = /^mongodb(?:\+srv)?:\/\//.exec(text)?.[0] ?? 'mongodb://';
  const rest = text.slice(Math.max(scheme.length, text.lastIndexOf('@') + 1));
  const shown = /^[\w.,:[\]/-]*/.exec(rest)?.[0] ?? '';
  return scheme + shown;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const readCollection = (name: string | null): string | null => {
  if (name === null) return null;
  if (name !== '' && name.length <= 120 && !/[$\0]|^system\./.test(name)) return name;
  throw new AuthlogError(
    'USAGE',
    'collection= in the URL is no name of a collection',
    'Name one that exists: mongodb://HOST/DATABASE?collection=NAME.',
  );
};

const readDays = (days: string | null): number | null => {
  if (days === null) return null;
  const number = Number(days);
  if (/^\d+$/.test(days) && number >= 1 && number <= MOST_DAYS) return number;
  throw new AuthlogError(
    'USAGE',
    `retentionDays= in the URL is a whole number of days from 1 to ${MOST_DAYS}`,
    'Write for example ?retentionDays=90.',
  );
};
