// Drives wrk, whose threads do little: on two cores the server has one of its own.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const MILLISECONDS = { us: 1e-3, ms: 1, s: 1000, m: 60_000 };

const FIELDS = `{
  ["X-Original-URI"] = "/api/orders?page=2",
  ["X-Original-Method"] = "GET",
  ["X-Real-IP"] = "203.0.113.9",
  ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) bench",
  ["Authorization"] = "Bearer " .. token,
}`;
const readTokens = (path) => `local tokens = {}
for line in io.lines(${JSON.stringify(path)}) do tokens[#tokens + 1] = line end
local headers = function(token) return ${FIELDS} end
`;

/** A script that gives each thread a token of its own: wrk then sends without asking Lua, which is slow. */
export const writeSteadyScript = (path, tokensPath) =>
  writeFileSync(
    path,
    `${readTokens(tokensPath)}local count = 0
setup = function(thread)
  count = count + 1
  thread:set("number", count)
end
init = function()
  for name, value in pairs(headers(tokens[(number - 1) % #tokens + 1])) do
    wrk.headers[name] = value
  end
end
`,
  );

/** A script that never sends a token twice, as far as there are tokens. */
export const writeChangingScript = (path, tokensPath) =>
  writeFileSync(
    path,
    `${readTokens(tokensPath)}local at = 0
request = function()
  at = at % #tokens + 1
  return wrk.format("GET", nil, headers(tokens[at]))
end
`,
  );

/** One run: requests a second, milliseconds of the 50th and 99th percentile, answers other than 2xx and 3xx. */
export const load = async (url, script, { connections, seconds, threads = connections }) => {
  const args = [
    `-t${threads}`,
    `-c${connections}`,
    `-d${seconds}s`,
    '--latency',
    '-s',
    script,
    url,
  ];
  const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const code = await new Promise((resolve, reject) => {
    child.on('close', resolve);
    child.on('error', reject);
  });
  if (code !== 0) throw new Error(`wrk ended with ${code}`);
  return {
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]),
    p50: percentile(text, 50),
    p99: percentile(text, 99),
    refused: Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0),
    errors: /Socket errors: (.*)/.exec(text)?.[1] ?? null,
  };
};

const percentile = (text, which) => {
  const [, value, unit] = new RegExp(`^\\s+${which}%\\s+([\\d.]+)(us|ms|s|m)$`, 'm').exec(text);
  return Number(value) * MILLISECONDS[unit];
};
