import { Readable } from 'node:stream';
import { analyze, type ReadOptions } from '../analyze.ts';
import type { History } from '../serve/history.ts';
import { resolveInputs } from '../source/inputs.ts';
import { ActivityTally } from '../summarize/activity.ts';
import { openStore } from '../store/open.ts';
import { auditReportOf } from './audit-report.ts';
import { resolveAuditSettings } from './audit-settings.ts';
import type { Host } from './host.ts';
import { runRules } from './run-rules.ts';

/** A store that is served, and how to let go of it. */
export interface ServedHistory extends History {
  close(): Promise<void>;
}

/** Opens a store to be read as `analyze` and `audit` do. Rejects with INPUT where there is none, with USAGE for another URL. */
export const openHistory = async (
  url: string,
  { zone, config }: { readonly zone: string; readonly config: string | undefined },
  host: Host,
): Promise<ServedHistory> => {
  const { inputs } = await resolveInputs([url], { cwd: host.cwd(), stdinIsTTY: false });
  const settingsAt = (now: number): ReturnType<typeof resolveAuditSettings> =>
    resolveAuditSettings({ level: 'info', ...(config !== undefined && { config }) }, { now }, host);
  // What is wrong with the settings is said before anything is served.
  await settingsAt(Date.now());
  const store = await openStore(url, { create: false });
  const optionsAt = (now: number): ReadOptions => ({
    inputs,
    stdin: Readable.from([]),
    cwd: host.cwd(),
    ring: null,
    recordedOnly: true,
    now,
    zone,
    threads: 1,
  });
  return {
    revision: () => store.revision(),
    summary: (window, now) => analyze({ ...optionsAt(now), ...window }),
    audit: async (window, now) => {
      const options = { ...optionsAt(now), ...window };
      const settings = await settingsAt(now);
      const activity = new ActivityTally();
      const result = await runRules(options, settings, null, activity);
      const report = auditReportOf(options, result, settings, { incomplete: [], notices: [] });
      return { report, activity: activity.result() };
    },
    events: (filter) => store.events(filter),
    close: () => store.close(),
  };
};
