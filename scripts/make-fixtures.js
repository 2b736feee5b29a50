// `npm run fixtures`: writes fixtures/logs from seeds and the committed test keys. Twice gives the
// same bytes. python-logging.log is not made here: `python3 scripts/fixtures/article.py`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessLog } from './fixtures/access-log.js';
import { authLog } from './fixtures/auth-logs.js';
import { everyVerdict } from './fixtures/every-verdict.js';
import { jsonLines } from './fixtures/json-lines.js';
import { loadKeys, openSignatures } from './fixtures/keys.js';
import { mixedLog } from './fixtures/mixed-log.js';
import { publicKeys } from './fixtures/public-keys.js';
import { syslog } from './fixtures/syslog.js';
import { createTokens } from './fixtures/tokens.js';

const LOGS = join(import.meta.dirname, '../fixtures/logs');

const write = (name, content) => {
  const text = Array.isArray(content) ? `${content.join('\n')}\n` : content;
  writeFileSync(join(LOGS, name), text);
  console.log(`${name}: ${text.split('\n').length - 1} lines, ${Buffer.byteLength(text)} bytes`);
};

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

mkdirSync(LOGS, { recursive: true });
const keys = loadKeys();
const signatures = openSignatures();
const tokens = createTokens(keys, signatures);

const auth = authLog(tokens, keys);
const access = accessLog(tokens, keys);
const lines = jsonLines(tokens);
const system = syslog(tokens, keys);
const everything = everyVerdict(tokens, keys);
const asymmetric = publicKeys(tokens, keys);

write('auth_logs.log', auth);
write('access.log', access);
write('app.jsonl', lines);
write('syslog.log', system);
write('mixed.log', mixedLog(tokens, { auth, access, json: lines, system }));
write('every-verdict.log', everything.lines);
write('every-verdict.expected.json', json(everything.expected));
write('public-keys.log', asymmetric.lines);
write(
  'public-keys.expected.json',
  json({ options: ['--key', 'fixtures/keys/jwks.json'], tokens: asymmetric.expected }),
);
signatures.save();
