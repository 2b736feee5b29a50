// Drives wrk: one thread, so that on two cores the server has one of its own.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const MILLISECONDS = { us: 1e-3, ms: 1, s: 1000, m: 60_000 };

/** A script for wrk that sends the tokens of a file in turn. */
export const writeScript = (path, tokensPath) => {
  writeFileSync(
    path,
    `local tokens = {}
for line in io.lines(${JSON.stringify(tokensPath)}) do
  tokens[#tokens + 1] = wrk.format("GET", "/verify", {
    ["Authorization"] = "Bearer " .. line,
    ["X-Original-URI"] = "/api/orders?page=2",
    ["X-Original-Method"] = "GET",
    ["X-Real-IP"] = "203.0.113.9",
    ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) bench",
  })
end
local at = 0
request = function()
  at = at % #tokens + 1
  return tokens[at]
end
`,
  );
};

/** One run: requests a second, milliseconds of the 50th and 99th percentile, answers other than 2xx and 3xx. */
export const load = async (url, script, { connections, seconds }) => {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, url];
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
