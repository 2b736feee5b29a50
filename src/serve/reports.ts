import { auditJson } from '../report/audit/json.ts';
import type { Summary } from '../summarize/summary.ts';
import { Answer } from './answer.ts';
import type { Audited, History } from './history.ts';
import type { AskedWindow } from './query.ts';
import { pageOf, type Page } from './pages.ts';
import { Refusal } from './refusal.ts';
import { Remembered } from './remembered.ts';
import { reportIsland, type PageTexts } from './report-island.ts';
import { searchIsland } from './search-island.ts';
import { search } from './search.ts';
import { userIsland } from './user-island.ts';
import { userRefText, type UserRef } from './user-ref.ts';
import { UserTally } from './user-tally.ts';

/** A report, and what is sent of it. */
interface Told<T> {
  readonly value: T;
  readonly answer: Answer;
}

/** What of a user or a search is sent: as JSON, as a page. */
interface Lookup {
  readonly answer: Answer;
  readonly page: Page;
}

const TTL = 30_000;
/** Windows, users and searches that are remembered; a report of many users is large. */
const MOST_REPORTS = 12;
const MOST_LOOKUPS = 200;

/** All that the page can ask of a store, made once for everybody who asks. */
export class Reports {
  readonly #history: History;
  readonly #now: () => number;
  readonly #texts: PageTexts;
  readonly #summaries: Remembered<Told<Summary>>;
  readonly #audits: Remembered<Told<Audited>>;
  readonly #pages = new Map<string, { readonly etag: string; readonly page: Page }>();
  readonly #lookups: Remembered<Lookup | null>;

  constructor(history: History, now: () => number, texts: PageTexts) {
    this.#history = history;
    this.#now = now;
    this.#texts = texts;
    const options = { revision: () => history.revision(), now: Date.now, ttl: TTL };
    this.#summaries = new Remembered({ ...options, most: MOST_REPORTS });
    this.#audits = new Remembered({ ...options, most: MOST_REPORTS });
    this.#lookups = new Remembered({ ...options, most: MOST_LOOKUPS });
  }

  async summary(window: AskedWindow): Promise<Answer> {
    return (await this.#summaryOf(window)).answer;
  }

  async findings(window: AskedWindow): Promise<Answer> {
    return (await this.#auditOf(window)).answer;
  }

  async page(window: AskedWindow): Promise<Page> {
    const { summary, audit, etag } = await this.#stateOf(window);
    const known = this.#pages.get(window.name);
    if (known?.etag === etag) return known.page;
    const { report, activity } = audit;
    const page = pageOf(reportIsland(summary, report, activity, this.#texts, window.query));
    this.#pages.delete(window.name);
    this.#pages.set(window.name, { etag, page });
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > MOST_REPORTS) this.#pages.delete(oldest!);
    return page;
  }

  /** Another text when the numbers or the findings of a window are others. */
  async etag(window: AskedWindow): Promise<string> {
    return (await this.#stateOf(window)).etag;
  }

  /** Throws a Refusal (404) where the store tells nothing of the user. */
  async user(ref: UserRef, window: AskedWindow): Promise<Lookup> {
    const { audit, etag } = await this.#stateOf(window);
    const name = `user ${userRefText(ref)} ${window.name} ${etag}`;
    const found = await this.#lookups.get(name, async () => {
      const now = this.#now();
      const bounds = await window.at(now);
      const tally = new UserTally(ref);
      const about = { userId: ref.userId };
      for await (const events of this.#history.events({ ...bounds, about })) {
        for (const event of events) tally.add(event);
      }
      const report = tally.report(now, bounds, audit.report.findings);
      if (report === null) return null;
      return {
        answer: answerOf(report),
        page: pageOf(userIsland(report, tally.activity(), this.#texts)),
      };
    });
    if (found !== null) return found;
    throw new Refusal(404, 'No such user in this window of time.');
  }

  async search(q: string, window: AskedWindow): Promise<Lookup> {
    const { summary, etag } = await this.#stateOf(window);
    const found = await this.#lookups.get(`search ${q} ${window.name} ${etag}`, async () => {
      const now = this.#now();
      const result = await search(this.#history, summary, q, await window.at(now), now);
      const island = searchIsland(result, this.#texts, window.query);
      return { answer: answerOf(result), page: pageOf(island) };
    });
    return found!;
  }

  /** What all pages of a window are made of: their names have its tag, so none outlives what it tells. */
  async #stateOf(
    window: AskedWindow,
  ): Promise<{ readonly summary: Summary; readonly audit: Audited; readonly etag: string }> {
    const summary = await this.#summaryOf(window);
    const audit = await this.#auditOf(window);
    const etag = `${summary.answer.etag} ${audit.answer.etag}`;
    return { summary: summary.value, audit: audit.value, etag };
  }

  #summaryOf(window: AskedWindow): Promise<Told<Summary>> {
    return this.#summaries.get(window.name, async () => {
      const now = this.#now();
      const value = await this.#history.summary(await window.at(now), now);
      const { jsonChunks } = await import('../report/json.ts');
      return { value, answer: new Answer(jsonChunks(value)) };
    });
  }

  #auditOf(window: AskedWindow): Promise<Told<Audited>> {
    return this.#audits.get(window.name, async () => {
      const now = this.#now();
      const value = await this.#history.audit(await window.at(now), now);
      return { value, answer: new Answer(auditJson(value.report)) };
    });
  }
}

const answerOf = (value: object): Answer => new Answer([`${JSON.stringify(value, null, 2)}\n`]);
