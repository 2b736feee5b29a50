// What the numbers of one run should be, and what they are. Pure.
import { median } from './statistics.js';

const DISTINCT = '1 M distinct HS256 tokens';

/**
 * A goal: `metric` of `program` in the section `kind`, divided by the largest of the programs `over`
 * (or as it is, when there are none), is at most `limit`. `worst`: the worst round counts. The programs
 * `beside` tell what can be had.
 */
export const GOALS = [
  { kind: 'distinct', what: `${DISTINCT}, wall`, over: ['rust'], limit: 1 / 8 },
  { kind: 'distinct', what: `${DISTINCT}, wall`, over: ['article'], limit: 1 / 30 },
  { kind: 'distinct', what: `${DISTINCT}, wall`, over: ['rg'], limit: 1 },
  { kind: 'distinct', what: `${DISTINCT}, CPU`, metric: 'cpu', over: ['floor'], limit: 4.5 },
  { kind: 'repeated', what: '1 M lines over 20 k tokens, wall', over: ['rust'], limit: 1 / 15 },
  {
    kind: 'long',
    what: '10 M lines, 10 k users, wall',
    over: ['authlog-tenth'],
    limit: 10.5,
  },
  {
    kind: 'long',
    what: '10 M lines, 10 k users, memory',
    metric: 'rss',
    over: [],
    limit: 250e6,
    worst: true,
  },
  {
    kind: 'jsonl',
    what: 'JSON lines, distinct tokens, wall a token',
    over: ['authlog-plain'],
    limit: 1.5,
  },
  {
    kind: 'access',
    what: 'combined access log, distinct tokens, wall a token',
    over: ['authlog-plain'],
    limit: 1.5,
  },
  {
    kind: 'gzip',
    what: 'gzip, wall',
    over: ['gzip', 'authlog-plain'],
    limit: 1.15,
  },
  {
    kind: 'rs256',
    what: 'RS256, 20 k distinct tokens, wall',
    over: ['openssl'],
    beside: ['verify'],
    limit: 1.3,
  },
  {
    kind: 'rs256Long',
    what: 'RS256, 200 k distinct tokens, wall',
    over: ['openssl'],
    beside: ['verify'],
    limit: 1.3,
  },
  {
    kind: 'startup',
    what: 'authlog --version, wall',
    program: 'version',
    over: ['node'],
    limit: 1.5,
  },
].map((goal) => ({ program: 'authlog', metric: 'wall', worst: false, beside: [], ...goal }));

/** The programs without which no goal of `kind` can be told, and those beside them. */
export const neededBy = (kind) => [
  ...new Set(
    GOALS.filter((goal) => goal.kind === kind).flatMap(({ program, over, beside }) => [
      program,
      ...over,
      ...beside,
    ]),
  ),
];

/** `metricOf(name)` is null where that program or that number is missing; so is the result, then. */
const valueOf = ({ program, over }, metricOf) => {
  const own = metricOf(program);
  const others = over.map(metricOf);
  if (own === null || others.includes(null)) return null;
  if (others.length === 0) return own;
  const longest = Math.max(...others);
  // GNU time counts CPU in hundredths of a second: of a very short run that is none.
  return longest > 0 ? own / longest : null;
};

const roundsOf = (goal, programs) => {
  const lists = [goal.program, ...goal.over].map((name) => programs.get(name)?.runs ?? []);
  const rounds = Math.min(...lists.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) =>
    valueOf(goal, (name) => programs.get(name).runs[round][goal.metric]),
  ).filter((value) => value !== null);
};

/**
 * Every goal with what the run `raw` measured: `measured` from the medians (the worst round, where that
 * counts), `low` and `high` over its rounds, `met`. All null where the run lacks a program.
 */
export const measureGoals = ({ sections }) =>
  GOALS.map((goal) => {
    const section = sections.find(({ kind }) => kind === goal.kind);
    const programs = new Map(section?.programs.map((program) => [program.name, program]));
    const ofMedians = valueOf(goal, (name) =>
      median((programs.get(name)?.runs ?? []).map((run) => run[goal.metric])),
    );
    const rounds = roundsOf(goal, programs);
    if (ofMedians === null || rounds.length === 0) {
      return { ...goal, measured: null, low: null, high: null, met: null };
    }
    const [low, high] = [Math.min(...rounds), Math.max(...rounds)];
    const measured = goal.worst ? high : ofMedians;
    return { ...goal, measured, low, high, met: measured <= goal.limit };
  });
