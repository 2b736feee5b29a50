import type { Finding } from '../audit/finding.ts';
import type { AuditReport } from '../audit/audit-report.ts';
import { auditJson } from '../report/audit/json.ts';
import type { Summary } from '../summarize/summary.ts';
import { Answer } from './answer.ts';
import type { History } from './history.ts';
import type { AskedWindow } from './query.ts';
import { Refusal } from './refusal.ts';
import { Remembered } from './remembered.ts';
import { search } from './search.ts';
import { userRefText, type UserRef } from './user-ref.ts';
import { UserTally } from './user-tally.ts';

/** A report, and what is sent of it. */
interface Told<T> {
  readonly value: T;
  readonly answer: Answer;
}

const TTL = 30_000;
/** Windows, users and searches that are remembered; a report of many users is large. */
const MOST_REPORTS = 12;
const MOST_LOOKUPS = 200;

/** All that the page can ask of a store, made once for everybody who asks. */
export class Reports {
  readonly #history: History;
  readonly #now: () => number;
  readonly #summaries: Remembered<Told<Summary>>;
  readonly #findings: Remembered<Told<AuditReport>>;
  readonly #lookups: Remembered<Answer | null>;

  constructor(history: History, now: () => number) {
    this.#history = history;
    this.#now = now;
    const options = { revision: () => history.revision(), now: Date.now, ttl: TTL };
    this.#summaries = new Remembered({ ...options, most: MOST_REPORTS });
    this.#findings = new Remembered({ ...options, most: MOST_REPORTS });
    this.#lookups = new Remembered({ ...options, most: MOST_LOOKUPS });
  }

  async summary(window: AskedWindow): Promise<Answer> {
    return (await this.#summaryOf(window)).answer;
  }

  async findings(window: AskedWindow): Promise<Answer> {
    return (await this.#findingsOf(window)).answer;
  }

  /** Throws a Refusal (404) where the store tells nothing of the user. */
  async user(ref: UserRef, window: AskedWindow): Promise<Answer> {
    const findings = await this.#findingsFor(window);
    const answer = await this.#lookups.get(`user ${userRefText(ref)} ${window.name}`, async () => {
      const now = this.#now();
      const bounds = await window.at(now);
      const tally = new UserTally(ref);
      const about = { userId: ref.userId };
      for await (const events of this.#history.events({ ...bounds, about })) {
        for (const event of events) tally.add(event);
      }
      const report = tally.report(now, bounds, findings);
      return report === null ? null : answerOf(report);
    });
    if (answer !== null) return answer;
    throw new Refusal(404, 'No such user in this window of time.');
  }

  async search(q: string, window: AskedWindow): Promise<Answer> {
    const { value } = await this.#summaryOf(window);
    const answer = await this.#lookups.get(`search ${q} ${window.name}`, async () => {
      const now = this.#now();
      return answerOf(await search(this.#history, value, q, await window.at(now), now));
    });
    return answer!;
  }

  #summaryOf(window: AskedWindow): Promise<Told<Summary>> {
    return this.#summaries.get(window.name, async () => {
      const now = this.#now();
      const value = await this.#history.summary(await window.at(now), now);
      const { jsonChunks } = await import('../report/json.ts');
      return { value, answer: new Answer(jsonChunks(value)) };
    });
  }

  #findingsOf(window: AskedWindow): Promise<Told<AuditReport>> {
    return this.#findings.get(window.name, async () => {
      const now = this.#now();
      const value = await this.#history.findings(await window.at(now), now);
      return { value, answer: new Answer(auditJson(value)) };
    });
  }

  async #findingsFor(window: AskedWindow): Promise<readonly Finding[]> {
    return (await this.#findingsOf(window)).value.findings;
  }
}

const answerOf = (value: object): Answer => new Answer([`${JSON.stringify(value, null, 2)}\n`]);
