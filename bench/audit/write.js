// Puts a story into files, and finds out on which lines everything came to stand.
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../scripts/random.js';
import { makeGeoIp } from './geoip.js';
import { writeKeys } from './keys.js';
import { appLine, chainedLines, eventLine, proxyLine } from './lines.js';
import { AUDIENCE, HOUR, ISSUER, ROTATION, SECOND, WEEK_START } from './story.js';

const FLUSH = 1 << 20;
/** Milliseconds that a line is on its way from a server to the log at most. */
const DELAY = 3 * SECOND;

/** Writes lines in the order of the items, but for those that are gone, and tells each item where it stands. */
const writeLines = (folder, file, items, lineOf) => {
  const fd = openSync(join(folder, file), 'w', 0o600);
  let pending = '';
  let line = 0;
  for (const [index, item] of items.entries()) {
    const text = lineOf(item, index);
    if (item.isGone === true) continue;
    item.place = { file, line: ++line };
    pending += `${text}\n`;
    if (pending.length < FLUSH) continue;
    writeSync(fd, pending);
    pending = '';
  }
  writeSync(fd, pending);
  closeSync(fd);
};

/** Servers send their lines on within seconds: some overtake others. */
const asTheyArrive = (items, random) =>
  items
    .map((item) => ({ item, at: item.time + random(DELAY) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);

const inOrder = (items) => items.toSorted((a, b) => a.time - b.time);

const iso = (time) => new Date(time).toISOString();

/** What the auditor knows of this house. */
const settings = () => `# For the corpus: what is ours.
issuers: ["${ISSUER}", "svc-sync"]
audiences: ["${AUDIENCE}"]
admin_users: ["u1000", "u1001", "u1002", "u1003", "u1004", "u1005"]
one_time:
  types: ["client-authentication+jwt"]
trusted_proxies: ["10.0.0.0/8"]
known_networks: ["192.0.2.0/24", "198.19.0.0/16"]
revocations: revocations.jsonl
geoip: geoip.mmdb
change_windows:
  - from: "${iso(ROTATION - HOUR)}"
    to: "${iso(ROTATION + 2 * HOUR)}"
lateness: 2m
learn: 60d
`;

/** The logs of a story, keys and settings beside. Returns the paths that `authlog audit` takes. */
export const writeStory = (folder, story, seed) => {
  const random = createRandom(seed);
  writeLines(folder, 'week.log', asTheyArrive(story.app, random), appLine);
  writeLines(folder, 'proxy.log', inOrder(story.proxy), proxyLine);
  writeLines(folder, 'events.jsonl', inOrder(story.events), chainedLines());
  writeLines(folder, 'history.jsonl', inOrder(story.history), eventLine);
  const revoked = story.revocations.map((entry) => `${JSON.stringify(entry)}\n`);
  writeFileSync(join(folder, 'revocations.jsonl'), revoked.join(''));
  writeFileSync(join(folder, 'geoip.mmdb'), makeGeoIp(WEEK_START / SECOND));
  writeFileSync(join(folder, 'authlog.config.yaml'), settings());
  return {
    folder,
    sources: ['week.log', 'proxy.log', 'events.jsonl', 'history.jsonl'],
    keys: writeKeys(folder, story.keys),
    lines: story.app.length + story.proxy.length + story.events.length + story.history.length,
  };
};

/** Ends well after the last token. */
export const NOW = '2026-11-10T00:00:00Z';
export const SINCE = '2026-11-02T00:00:00Z';

/** The arguments of `authlog audit` for a corpus. */
export const auditArguments = ({ sources, keys }) => [
  'audit',
  ...sources,
  ...keys.flatMap((file) => ['--key', file]),
  '--config',
  'authlog.config.yaml',
  '--now',
  NOW,
  '--since',
  SINCE,
  '--json',
  '-q',
];
