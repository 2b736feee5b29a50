// The table of a guard run, as ratios of the same run, with the goals beside.
import { fixed, grouped, table } from '../markdown.js';

const row = ({ label, rate, p50, p99, memory }, bare) => [
  label,
  grouped(Math.round(rate)),
  fixed(rate / bare.rate, 2),
  fixed(p50, 2),
  fixed(p99, 2),
  grouped(Math.round(memory)),
];

const isMet = (met) => (met ? 'met' : 'not met');

const goals = ({ bare, hs256, rs256, calm, attacked }) => {
  const share = (result) => result.rate / bare.rate;
  const worse = attacked.p99 / calm.p99;
  const rows = [
    [
      'HS256: requests/s of the bare server',
      'at least 0.5',
      fixed(share(hs256), 2),
      share(hs256) >= 0.5,
    ],
    ['HS256: p99 at 50 connections', 'under 10 ms', `${fixed(hs256.p99, 2)} ms`, hs256.p99 < 10],
    [
      'RS256: requests/s of the bare server',
      'at least 0.5',
      fixed(share(rs256), 2),
      share(rs256) >= 0.5,
    ],
    ['RS256: p99 at 50 connections', 'under 10 ms', `${fixed(rs256.p99, 2)} ms`, rs256.p99 < 10],
    ['p99 of good requests beside attackers', 'under 2 times', fixed(worse, 2), worse < 2],
  ];
  return table(
    ['goal', 'demanded', 'measured', ''],
    rows.map(([what, demanded, value, met]) => [what, demanded, value, isMet(met)]),
  );
};

const soakText = ({ samples, rate }) => {
  const at = (second) => samples.findLast((sample) => sample.second <= second) ?? samples[0];
  const last = samples.at(-1);
  const shown = [10, 60, last.second >> 1, last.second].map((second) => at(second));
  const rows = shown.map(({ second, memory }) => [`${second} s`, `${fixed(memory, 1)} MiB`]);
  const requests = grouped(Math.round(rate * last.second));
  return `\n## ${Math.round(last.second / 60)} minutes under full load\n\n${requests} requests, the log rotated every minute.\n\n${table(['after', 'resident memory'], rows)}\n`;
};

/** @param run what `npm run bench:guard` measured */
export const guardReport = ({ machine, wrk, seconds, results, soak, fresh }) => {
  const { bare } = results;
  const rows = Object.values(results).map((result) => row(result, bare));
  const { date, cpu, cores, os, commit, load } = machine;
  return `# Guard under load

${date}, ${cpu}, ${cores} cores, ${os}, Node ${process.version}, ${wrk}, commit ${commit}, load before ${fixed(load, 2)}.
Medians of ${bare.rounds.length} rounds of ${seconds} s each, servers in turn, wrk with 50 connections on the same machine, each with a
token of its own. Every decision of the guard is recorded in a file (\`--durability interval\`). Attackers never send
a token twice: ${fixed(results.attacked.attacks * 100, 0)} % of the requests.

To decide on a token that was never seen before takes ${fixed(fresh.hs256, 0)} µs (HS256), ${fixed(fresh.rs256, 0)} µs (RS256), ${fixed(fresh.forged, 0)} µs (forged RS256);
on one that was, ${fixed(fresh.known, 1)} µs.

${table(['server', 'requests/s', '× bare', 'p50 ms', 'p99 ms', 'MiB'], rows)}

## Goals

${goals(results)}
${soak === null ? '' : soakText(soak)}`;
};
