import type { Collection, Db, MongoClient } from 'mongodb';
import { AuthlogError } from '../../errors.ts';
import type { EventStore } from '../store.ts';
import { toAuthlogError } from './errors.ts';
import { ForeignStore, type ForeignDocument } from './foreign.ts';
import { MongoStore, type CheckpointDocument, type EventDocument } from './mongo-store.ts';
import { parseMongoUrl, type MongoAddress } from './url.ts';

/** How long to look for a server that answers, in milliseconds. */
const PATIENCE = 5_000;
/** How long most of a replica set may take to have a write: then it is an error, and a repeat is harmless. */
const WRITE_PATIENCE = 60_000;
const RETENTION_INDEX = 'retention';
const DAY_SECONDS = 86_400;
const NOT_ALLOWED = 13;
const NO_COLLECTION = 26;
const INDEXES: readonly (readonly [name: string, key: Readonly<Record<string, 1>>])[] = [
  ['time', { time: 1, _id: 1 }],
  ['user', { user: 1 }],
];

type Driver = typeof import('mongodb');

export interface MongoOptions {
  /** Called with remarks, such as a retention that the server does not know. */
  readonly onNotice?: (message: string) => void;
}

/**
 * Opens the store in a MongoDB database, or with `collection=` the documents of another program.
 * Throws USAGE for a URL, a package or a password that can't be used, INPUT where nobody answers.
 */
export const openMongoStore = async (
  url: string,
  { onNotice = ignore }: MongoOptions = {},
): Promise<EventStore> => {
  const address = parseMongoUrl(url);
  const driver = await loadDriver();
  let client: MongoClient | null = null;
  try {
    client = createClient(driver, address);
    return await openOn(client, driver, address, onNotice);
  } catch (error) {
    await client?.close();
    throw toAuthlogError(error, 'INPUT', address.label);
  }
};

const ignore = (): void => undefined;

const loadDriver = async (): Promise<Driver> => {
  try {
    return await import('mongodb');
  } catch {
    throw new AuthlogError(
      'USAGE',
      'a store at mongodb:// needs the package mongodb, which is not installed',
      'Install it: npm install mongodb',
    );
  }
};

const createClient = ({ MongoClient }: Driver, address: MongoAddress): MongoClient =>
  new MongoClient(address.url, {
    appName: 'authlog',
    serverSelectionTimeoutMS: PATIENCE,
    connectTimeoutMS: PATIENCE,
    ...(!address.hasWriteConcern && {
      writeConcern: { w: 'majority', wtimeoutMS: WRITE_PATIENCE },
    }),
  });

const openOn = async (
  client: MongoClient,
  driver: Driver,
  address: MongoAddress,
  onNotice: (message: string) => void,
): Promise<EventStore> => {
  await client.connect();
  const database = client.db(address.database);
  // Connecting alone does not need the password.
  await database.command({ ping: 1 });
  const close = (): Promise<void> => client.close();
  const { collection, label } = address;
  if (collection !== null) {
    const foreign = database.collection<ForeignDocument>(collection);
    return new ForeignStore(foreign, driver.ObjectId, label, close);
  }
  const events = database.collection<EventDocument>('events');
  await makeIndexes(database, events, address, onNotice);
  const checkpoints = database.collection<CheckpointDocument>('checkpoints');
  return new MongoStore({ events, checkpoints }, label, close);
};

const makeIndexes = async (
  database: Db,
  events: Collection<EventDocument>,
  { retentionDays, label }: MongoAddress,
  onNotice: (message: string) => void,
): Promise<void> => {
  try {
    const known = await indexesOf(events);
    for (const [name, key] of INDEXES) {
      if (!known.some((index) => index.name === name)) await events.createIndex(key, { name });
    }
  } catch (error) {
    // Who may only read finds everything, if slower.
    if (codeOf(error) !== NOT_ALLOWED) throw error;
  }
  if (retentionDays === null) return;
  try {
    await keepFor(database, events, retentionDays * DAY_SECONDS);
  } catch {
    onNotice(
      `${label} does not delete old events by itself, so they stay: authlog forget --before ${retentionDays}d`,
    );
  }
};

/** Makes or changes the index by which the server deletes events of that age. */
const keepFor = async (
  database: Db,
  events: Collection<EventDocument>,
  seconds: number,
): Promise<void> => {
  const found = (await indexesOf(events)).find(({ name }) => name === RETENTION_INDEX);
  if (found?.expireAfterSeconds === seconds) return;
  if (found === undefined) {
    await events.createIndex({ time: 1 }, { name: RETENTION_INDEX, expireAfterSeconds: seconds });
  } else {
    const index = { name: RETENTION_INDEX, expireAfterSeconds: seconds };
    await database.command({ collMod: 'events', index });
  }
  const made = (await indexesOf(events)).find(({ name }) => name === RETENTION_INDEX);
  if (made?.expireAfterSeconds !== seconds) throw new Error('not kept');
};

interface KnownIndex {
  readonly name?: string;
  readonly expireAfterSeconds?: number;
}

/** The indexes of a collection, none where it does not exist yet. */
const indexesOf = async (events: Collection<EventDocument>): Promise<readonly KnownIndex[]> => {
  try {
    return await events.indexes();
  } catch (error) {
    if (codeOf(error) === NO_COLLECTION) return [];
    throw error;
  }
};

const codeOf = (error: unknown): number => Number((error as { readonly code?: unknown }).code);
