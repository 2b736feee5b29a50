import type { BrokenChain } from '../context.ts';
import { defineRule, type ExampleEvent, type Rule } from '../rule.ts';
import { UNKNOWN_USE, type Use } from '../use.ts';

const MOST_SOURCES = 10_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HOURS = 24;

/** What rotation adds to the name of a log: its parts are one source. */
const ROTATED =
  /(?:\.\d{1,6}|[.-]\d{4}-?\d{2}-?\d{2}(?:[-T_.]?\d{1,10})?|[.-]\d{10})?(?:\.(?:gz|zst|bz2|xz))?$/;

/** Monday noon to Friday morning: working days wherever the users are. Hours count since 1970, a Thursday. */
const isMidweek = (hour: number): boolean => {
  const ofWeek = (hour + 72) % 168;
  return ofWeek >= 12 && ofWeek < 106;
};

/** How long a source is silent, at all and at each hour of a working day (UTC). Milliseconds. */
class Rhythm {
  readonly #first: number;
  #longest = 0;
  readonly #byHour = new Float64Array(HOURS);
  readonly #daysByHour = new Uint32Array(HOURS);
  last: Use;

  constructor(first: Use) {
    this.#first = first.time;
    this.last = first;
  }

  /** The longest silence that is usual between the last use and `time`; infinite where too few days were seen. */
  usual(time: number, days: number): number {
    const from = this.last.time;
    let usual = from - this.#first >= days * DAY ? this.#longest : Number.POSITIVE_INFINITY;
    const first = Math.floor(from / HOUR);
    for (let hour = first; hour <= time / HOUR && hour < first + HOURS; hour++) {
      const isKnown = isMidweek(hour) && this.#daysByHour[hour % HOURS]! >= days;
      if (isKnown) usual = Math.min(usual, this.#around(hour));
    }
    return usual;
  }

  /** Takes the silence before `time` for usual. */
  learn(time: number): void {
    const from = this.last.time;
    const silence = time - from;
    const first = Math.floor(from / HOUR);
    const now = Math.floor(time / HOUR);
    this.#longest = Math.max(this.#longest, silence);
    for (let hour = first; hour <= now && hour <= first + HOURS; hour++) {
      if (!isMidweek(hour)) continue;
      const at = hour % HOURS;
      this.#byHour[at] = Math.max(this.#byHour[at]!, silence);
      // An hour was seen when it is over.
      this.#daysByHour[at]! += hour < now ? 1 : 0;
    }
  }

  /** Nobody starts and ends work on the minute: the hours beside it count too. */
  #around(hour: number): number {
    const at = (by: number): number => this.#byHour[(hour + by) % HOURS]!;
    return Math.max(at(HOURS - 1), at(0), at(1));
  }
}

/** A place in a log as a use: what is there is not known. */
const useAt = ({ file, line }: BrokenChain): Use => ({ ...UNKNOWN_USE, file, line });

/** Examples begin on Monday noon. All in seconds. */
const day = 86_400;
const every = (pause: number, from: number, to: number): readonly ExampleEvent[] =>
  Array.from({ length: Math.floor((to - from) / pause) + 1 }, (_, i) => ({ at: from + i * pause }));
const FRIDAY_NIGHT = 4 * day + day / 2;
/** Eight hours a day, from Monday to Friday, two weeks long. */
const office = (first: number, last: number): readonly ExampleEvent[] =>
  [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]
    .slice(first, last)
    .flatMap((number) => every(600, number * day, number * day + 28_800));

export const logGap: Rule = defineRule({
  id: 'AL029',
  name: 'log-gap',
  title: 'Log with a hole, or changed',
  level: 'medium',
  attack: ['T1685.006', 'T1565.001'],
  condition:
    'A log that was watched for days was silent much longer than ever before, or than ever before around these hours of a working day (Monday noon to Friday morning, UTC), so that quiet nights and weekends are usual. Low where time runs backwards in a file, medium where it does by much; high where the chain of a chained log is broken.',
  meaning:
    'Recording stopped, lines were deleted or put in later, or a clock was set. Who broke in removes what shows it.',
  action:
    'Compare with what other systems logged in that time. For a broken chain run authlog verify-log, and compare with a copy.',
  falsePositives: [
    'Holidays, maintenance, an outage of the service itself.',
    'Only uses of tokens count: the log may go on without any.',
    'Lines of several writers that come late, files put together out of order, local time when summer ends.',
  ],
  thresholds: {
    silence: { value: 1800, unit: 'seconds', means: 'silence that is never worth a word' },
    times: { value: 8, unit: 'count', means: 'how many times the longest usual silence it lasts' },
    days: { value: 2, unit: 'count', means: 'days that must have been seen to know what is usual' },
    behind: { value: 300, unit: 'seconds', means: 'how far time may run backwards' },
    far: { value: 3600, unit: 'seconds', means: 'how far backwards is low' },
  },
  sigma: { none: 'looks for lines that are not there, and at their order' },
  verdicts: null,
  start: ({ thresholds, context: { brokenChains }, report, bounded }) => {
    const silence = thresholds.silence * 1000;
    const byName = new Map<string, Rhythm>();
    const byFile = new Map<string | null, Rhythm>();

    /** Null where it is the first use of its source. */
    const rhythmOf = (use: Use): Rhythm | null => {
      const known = byFile.get(use.file);
      if (known !== undefined) return known;
      if (byFile.size === MOST_SOURCES) {
        bounded();
        return null;
      }
      const name = (use.file ?? '').replace(ROTATED, '');
      const sibling = byName.get(name);
      const rhythm = sibling ?? new Rhythm(use);
      byName.set(name, rhythm);
      byFile.set(use.file, rhythm);
      return sibling ?? null;
    };

    const listen = (use: Use): void => {
      const rhythm = rhythmOf(use);
      if (rhythm === null) return;
      const { last } = rhythm;
      const gap = use.time - last.time;
      if (gap < 0) return;
      const usual = gap > silence ? rhythm.usual(use.time, thresholds.days) : 0;
      if (gap > silence && gap > thresholds.times * usual) {
        const minutes = Math.round(gap / 60_000);
        const why = `nothing for ${minutes} min; up to ${Math.ceil(usual / 60_000)} min are usual there`;
        const subject = `${use.file ?? ''} silent`;
        report({ subject, level: 'medium', uses: [last, use], count: 1, why });
      } else rhythm.learn(use.time);
      rhythm.last = use;
    };

    return {
      see: (use) => {
        if (Number.isNaN(use.time)) return;
        listen(use);
        const seconds = use.behind / 1000;
        if (!(seconds > thresholds.behind)) return;
        const level = seconds > thresholds.far ? 'medium' : 'low';
        const why = `a line is ${Math.round(seconds)} s older than one before it`;
        report({ subject: `${use.file ?? ''} backwards`, level, uses: [use], why });
      },
      end: () => {
        for (const chain of brokenChains) {
          const why = `the chain of records is broken: ${chain.why}`;
          report({ subject: `${chain.file} chain`, level: 'high', uses: [useAt(chain)], why });
        }
      },
    };
  },
  hits: [
    {
      says: 'silence',
      events: [...every(200, 0, 2 * day), { at: 2 * day + 1801 }],
      level: 'medium',
      count: 1,
    },
    {
      says: 'silence in a log that is not busy',
      events: [...every(400, 0, 2 * day), { at: 2 * day + 3201 }],
      level: 'medium',
    },
    {
      says: 'silence at the weekend',
      events: [...every(200, 3 * day, 5 * day), { at: 5 * day + 1801 }],
    },
    {
      says: 'silence on the third working day, at an hour that was seen twice',
      events: [...every(200, 0, 2 * day - 600), { at: 2 * day + 1400 }],
    },
    {
      says: 'an afternoon without a line in an office',
      events: [...office(0, 2), ...every(600, 2 * day, 2 * day + 7200), ...office(3, 4)],
      count: 1,
    },
    {
      says: 'the same after a weekend',
      events: [...office(0, 6), ...every(600, 8 * day, 8 * day + 7200), ...office(7, 8)],
      count: 1,
    },
    {
      says: 'twice: an outage is not usual',
      events: [
        ...every(200, 0, 2 * day),
        ...every(200, 2 * day + 1801, 2 * day + 6001),
        { at: 2 * day + 7802 },
      ],
      count: 2,
    },
    {
      says: 'across a rotation',
      events: [
        ...every(200, 0, day).map((event) => ({ ...event, file: 'a.log-20261102.gz' })),
        ...every(200, day + 200, 2 * day).map((event) => ({ ...event, file: 'a.log.1' })),
        { at: 2 * day + 1801, file: 'a.log' },
      ],
      count: 1,
    },
    {
      says: 'time runs backwards',
      events: [{ at: 0 }, { at: 400 }, { at: 99 }],
      level: 'low',
      count: 1,
    },
    { says: 'by an hour', events: [{ at: 3700 }, { at: 100 }], level: 'low' },
    { says: 'by more', events: [{ at: 3701 }, { at: 100 }], level: 'medium' },
    {
      says: 'a broken chain',
      events: [{}],
      context: { brokenChains: [{ file: 'chain.jsonl', line: 7, why: 'line 7 was edited' }] },
      level: 'high',
      count: 1,
    },
  ],
  misses: [
    {
      says: 'a silence that is short',
      events: [...every(200, 0, 2 * day), { at: 2 * day + 1800 }],
    },
    {
      says: 'a silence that is short for that log',
      events: [...every(400, 0, 2 * day), { at: 2 * day + 3200 }],
    },
    {
      says: 'before enough is known',
      events: [...every(200, 0, 2 * day - 3600), { at: 2 * day - 1500 }],
    },
    {
      says: 'before enough is known of a weekend',
      events: [...every(200, FRIDAY_NIGHT, FRIDAY_NIGHT + day), { at: FRIDAY_NIGHT + day + 9999 }],
    },
    { says: 'nights and weekends in an office', events: office(0, 10) },
    {
      says: 'a late line does not open a hole',
      events: [...every(200, 0, 2 * day), { at: 2 * day - 290 }, { at: 2 * day + 1700 }],
    },
    {
      says: 'another file',
      events: [...every(200, 0, 2 * day), { at: 2 * day + 1801, file: 'b.log' }],
    },
    { says: 'time runs backwards a little', events: [{ at: 0 }, { at: 400 }, { at: 100 }] },
    { says: 'no time', events: [...every(200, 0, 2 * day), { at: null }] },
  ],
});
