import { describe, expect, test } from 'vitest';
import { asGoal, demand, KINDS, measureGoals, neededBy } from './modules.ts';
import type { MeasuredGoal, Raw, Round } from './modules.ts';

const round = (wall: number, cpu: number | null = wall, rss: number | null = 1e8): Round => ({
  wall,
  cpu,
  rss,
});

const runOf = (kind: string, programs: Record<string, Round[]>): Raw => ({
  sections: [{ kind, programs: Object.entries(programs).map(([name, runs]) => ({ name, runs })) }],
});

const goal = (raw: Raw, kind: string, over: string[]): MeasuredGoal =>
  measureGoals(raw).find((one) => one.kind === kind && one.over.join() === over.join())!;

describe('goals of a run', () => {
  test('are judged by the ratio of medians; the rounds are shown, they do not decide', () => {
    const raw = runOf('distinct', {
      authlog: [round(1), round(1.2), round(9)],
      rust: [round(10), round(9), round(11)],
    });
    const { measured, low, high, met } = goal(raw, 'distinct', ['rust']);
    expect(measured).toBeCloseTo(1.2 / 10);
    expect([low, high]).toEqual([1 / 10, 9 / 11]);
    expect(met).toBe(true);
  });

  test('are met at the limit itself and not above it', () => {
    const at = (wall: number): boolean | null =>
      goal(runOf('distinct', { authlog: [round(wall)], rust: [round(8)] }), 'distinct', ['rust'])
        .met;
    expect([at(1), at(1.001)]).toEqual([true, false]);
  });

  test('of memory are judged by the worst round', () => {
    const raw = runOf('long', {
      authlog: [round(1, 1, 2e8), round(1, 1, 2e8), round(1, 1, 2.6e8)],
    });
    expect(goal(raw, 'long', [])).toMatchObject({ measured: 2.6e8, met: false });
  });

  test('of CPU take CPU, not wall', () => {
    const raw = runOf('distinct', { authlog: [round(1, 8)], floor: [round(1, 2)] });
    expect(goal(raw, 'distinct', ['floor'])).toMatchObject({ measured: 4, met: true });
  });

  test('of gzip take the longer of the two', () => {
    const raw = runOf('gzip', {
      authlog: [round(2.2)],
      gzip: [round(2)],
      'authlog-plain': [round(1)],
    });
    expect(goal(raw, 'gzip', ['gzip', 'authlog-plain']).measured).toBeCloseTo(1.1);
  });

  test('without their programs, or without GNU time, are not measured rather than met', () => {
    const raw = runOf('distinct', { authlog: [round(1, null)], floor: [round(1, null)] });
    expect(goal(raw, 'distinct', ['floor']).met).toBeNull();
    expect(goal(raw, 'distinct', ['rust']).met).toBeNull();
    expect(goal(raw, 'repeated', ['rust']).met).toBeNull();
  });

  test('are not measured by a run too short for its CPU to be counted', () => {
    const raw = runOf('distinct', { authlog: [round(1, 1)], floor: [round(1, 0)] });
    expect(goal(raw, 'distinct', ['floor'])).toMatchObject({ measured: null, met: null });
  });

  test('need no program that their kind does not run', () => {
    for (const [kind, { programs }] of Object.entries(KINDS)) {
      expect(neededBy(kind)).not.toEqual([]);
      expect(programs).toEqual(expect.arrayContaining(neededBy(kind)));
    }
  });
});

describe('how a goal is written', () => {
  const eighth = { limit: 1 / 8, metric: 'wall', over: ['rust'] };

  test('a part of a longer time is a fraction until it is none', () => {
    expect(demand(eighth)).toBe('at most 1/8 of rust');
    expect(asGoal(eighth, 0.11)).toBe('1/9.09');
    expect(asGoal(eighth, 1.3)).toBe('1.3');
    expect(asGoal(eighth, null)).toBe('-');
  });

  test('bytes are megabytes', () => {
    expect(demand({ limit: 250e6, metric: 'rss', over: [] })).toBe('at most 250 MB');
  });
});
