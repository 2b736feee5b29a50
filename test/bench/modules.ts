// The benchmark is plain JavaScript outside of the build: what the tests use of it, with types.
const load = async (name: string): Promise<unknown> =>
  await import(new URL(`../../bench/${name}`, import.meta.url).href);

export interface Round {
  readonly wall: number;
  readonly cpu: number | null;
  readonly rss: number | null;
}

export interface MeasuredGoal {
  readonly kind: string;
  readonly what: string;
  readonly metric: string;
  readonly over: readonly string[];
  readonly limit: number;
  readonly measured: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly met: boolean | null;
}

export interface Raw {
  readonly sections: readonly {
    readonly kind: string;
    readonly programs: readonly { readonly name: string; readonly runs: readonly Round[] }[];
  }[];
}

interface Recipe {
  readonly shape: string;
  readonly tokens: number;
  readonly distinct: number;
}

export const { measureGoals, neededBy } = (await load('goals.js')) as {
  measureGoals: (raw: Raw) => MeasuredGoal[];
  neededBy: (kind: string) => string[];
};

export const { KINDS } = (await load('kinds.js')) as {
  KINDS: Record<string, { log?: string; beside?: string; programs: string[] }>;
};

export const { asGoal, demand } = (await load('markdown.js')) as {
  asGoal: (goal: Pick<MeasuredGoal, 'limit' | 'metric' | 'over'>, value: number | null) => string;
  demand: (goal: Pick<MeasuredGoal, 'limit' | 'metric' | 'over'>) => string;
};

export const { linesOf, hmacSigner, SECRET } = (await load('lines.js')) as {
  linesOf: (
    recipe: Recipe,
    makeToken: (payload: string) => string,
  ) => Iterable<{ text: string; fate: string }>;
  hmacSigner: () => (payload: string) => string;
  SECRET: string;
};

export const { LOGS, recipe } = (await load('corpus.js')) as {
  LOGS: Record<string, object>;
  recipe: (name: string, n: number) => Recipe & { pattern: string; rsa: boolean };
};

export const { differences, lacksRoom } = (await load('section.js')) as {
  lacksRoom: (kind: string, tokens: number) => string | null;
  differences: (
    name: string,
    counts: Record<string, number>,
    truth: Record<string, number>,
  ) => string[];
};

export const { verifiesPerSecond } = (await load('yardsticks.js')) as {
  verifiesPerSecond: (stdout: string) => number;
};

export const { readOptions } = (await load('options.js')) as {
  readOptions: (
    args: string[],
    programs: string[],
  ) => {
    tokens: number;
    runs: number;
    kinds: string[];
    only: string[] | null;
    keep: boolean;
  };
};

export const { reports } = (await load('report.js')) as {
  reports: () => { file: string; text: string }[];
};
