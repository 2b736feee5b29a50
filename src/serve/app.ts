import type { Context } from 'hono';
import { AuthlogError } from '../errors.ts';
import type { Guard } from '../guard/guard.ts';
import { Access, refusalOf, type Connection } from './access.ts';
import { harden } from './headers.ts';
import type { History } from './history.ts';
import type { Hosts } from './hosts.ts';
import { Live } from './live.ts';
import { problemPage, type Page } from './pages.ts';
import { readQuery, readWindow, type AskedWindow, type ReadMoment } from './query.ts';
import { Refusal } from './refusal.ts';
import type { PageTexts } from './report-island.ts';
import { Reports } from './reports.ts';
import { pageAfter, SignIn } from './sign-in.ts';
import { signInPage } from './sign-in-page.ts';
import { readTarget, type Target } from './target.ts';

export interface AppOptions {
  readonly history: History;
  readonly guard: Guard;
  readonly hosts: Hosts;
  readonly readMoment: ReadMoment;
  /** The present of the reports, in milliseconds. */
  readonly now: () => number;
  readonly texts: PageTexts;
  /** Milliseconds between two looks at the store while somebody listens. */
  readonly pollMs: number;
  /** Told of what should not have happened; the one who asked is told nothing of it. */
  readonly onFault: (error: unknown) => void;
}

/** The page as a handler of requests, without a port. */
export interface App {
  fetch(request: Request, connection: Connection): Promise<Response>;
  readonly live: Live;
}

type Bindings = { Bindings: { readonly connection: Connection; readonly target: Target } };

const WINDOW = ['since', 'until'];
const LONGEST_SEARCH = 256;

/** The page over a store: who may not look gets 401, who asks oddly 400, and nobody changes anything. */
export const createApp = async (options: AppOptions): Promise<App> => {
  const { Hono } = await import('hono');
  const { history, guard, hosts, readMoment, now, onFault } = options;
  const access = new Access(guard, Date.now, hosts.isSecure);
  const signIn = new SignIn(access, Date.now);
  const reports = new Reports(history, now, options.texts);
  const live = new Live({ etag: (window) => reports.etag(window), every: options.pollMs });
  const windowOf = (query: ReadonlyMap<string, string>): Promise<AskedWindow> =>
    readWindow(query, now(), readMoment);

  const app = new Hono<Bindings>({ strict: true });
  app.use(async (context, next) => {
    const early = admit(context, hosts, access);
    if (early !== null) return early;
    return next();
  });
  app.post('/login', ({ req, env }) => signIn.open(req.raw, env.connection));
  app.post('/logout', ({ req }) => signIn.close(req.raw));

  app.get('/', async ({ req, env }) => {
    const window = await windowOf(readQuery(env.target.search, WINDOW));
    return show(await reports.page(window), req.raw);
  });
  app.get('/search', async ({ req, env }) => {
    const query = readQuery(env.target.search, ['q', ...WINDOW]);
    const window = await windowOf(query);
    return show((await reports.search(searchedText(query), window)).page, req.raw);
  });
  app.get('/users/:id', async ({ req, env }) => {
    const user = env.target.user();
    const window = await windowOf(readQuery(env.target.search, WINDOW));
    return show((await reports.user(user, window)).page, req.raw);
  });

  app.get('/api/summary', async ({ req, env }) => {
    const window = await windowOf(readQuery(env.target.search, WINDOW));
    return (await reports.summary(window)).response(req.raw);
  });
  app.get('/api/findings', async ({ req, env }) => {
    const window = await windowOf(readQuery(env.target.search, WINDOW));
    return (await reports.findings(window)).response(req.raw);
  });
  app.get('/api/users/:id', async ({ req, env }) => {
    const user = env.target.user();
    const window = await windowOf(readQuery(env.target.search, WINDOW));
    return (await reports.user(user, window)).answer.response(req.raw);
  });
  app.get('/api/search', async ({ req, env }) => {
    const query = readQuery(env.target.search, ['q', ...WINDOW]);
    const window = await windowOf(query);
    return (await reports.search(searchedText(query), window)).answer.response(req.raw);
  });
  app.get('/api/events', async ({ req, env }) => {
    const window = await windowOf(readQuery(env.target.search, WINDOW));
    const { raw } = req;
    if (raw.method === 'HEAD')
      return new Response(null, { headers: { 'content-type': 'text/event-stream' } });
    return live.listen(
      window,
      () => access.decide(raw, env.target.guarded, env.connection).status === 204,
    );
  });

  app.notFound(() => {
    throw new Refusal(404, 'There is nothing at this address.');
  });
  app.onError(async (error, { req, env }) => {
    const refusal = refusalFor(error, onFault);
    // To who has not signed in nothing of the page is shown.
    const isPage = isNavigation(req.raw) && [400, 404, 500, 503].includes(refusal.status);
    if (!isPage || env.target.path.startsWith('/api/')) return refusal.response();
    return problemPage(refusal, options.texts.tz).document.response(req.raw, refusal);
  });
  return {
    live,
    fetch: async (request, connection) => {
      const target = readTarget(connection.target);
      return harden(await app.fetch(request, { connection, target }));
    },
  };
};

/** Null lets a request pass: asked for by a name of ours, by somebody who may look, for what can be. */
const admit = ({ req, env }: Context<Bindings>, hosts: Hosts, access: Access): Response | null => {
  const { raw } = req;
  const { target, connection } = env;
  if (!hosts.isOwn(new URL(raw.url).hostname)) {
    throw new Refusal(421, 'This page has another name: authlog serve --public-url sets it.');
  }
  const isForm = raw.method === 'POST' && (target.path === '/login' || target.path === '/logout');
  if (isForm) return null;
  const refusal = refusalOf(access.decide(raw, target.guarded, connection));
  if (refusal?.status === 401 && isNavigation(raw)) {
    return signInPage(401, pageAfter(connection.target), null, refusal.headers);
  }
  if (refusal !== null) throw refusal;
  if (raw.method !== 'GET' && raw.method !== 'HEAD') {
    throw new Refusal(405, 'This page can only be read.', { allow: 'GET, HEAD' });
  }
  if (target.fault !== null) throw new Refusal(400, target.fault);
  return null;
};

/** The document, or to the script that is in it already the island. */
const show = ({ document, island }: Page, request: Request): Promise<Response> =>
  (request.headers.get('accept') === 'application/json' ? island : document).response(request);

/** A person's browser, which can show a form. */
const isNavigation = ({ method, headers }: Request): boolean =>
  method === 'GET' && (headers.get('accept') ?? '').includes('text/html');

const searchedText = (query: ReadonlyMap<string, string>): string => {
  const text = (query.get('q') ?? '').trim();
  if (text === '') throw new Refusal(400, 'The parameter q must hold what to look for.');
  if (text.length <= LONGEST_SEARCH) return text;
  throw new Refusal(400, `The parameter q is longer than ${LONGEST_SEARCH} characters.`);
};

const refusalFor = (error: unknown, onFault: AppOptions['onFault']): Refusal => {
  if (error instanceof Refusal) return error;
  if (error instanceof AuthlogError && error.code === 'LOCKED') {
    return new Refusal(503, `${sentence(error.message)} Try again later.`, { 'retry-after': '5' });
  }
  onFault(error);
  if (error instanceof AuthlogError && error.code === 'INPUT') {
    return new Refusal(503, 'The store cannot be read now.', { 'retry-after': '30' });
  }
  return new Refusal(500, 'Something went wrong here.');
};

const sentence = (message: string): string => `${message[0]?.toUpperCase()}${message.slice(1)}.`;
