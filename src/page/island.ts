/** What the page shows, as plain data: the one contract between the program and the browser. */
export interface Island {
  readonly schema: 'authlog.page/1';
  /** What the report is about: a file's name, a number of files. */
  readonly heading: string;
  /** Facts under the heading, each a few words. */
  readonly facts: readonly string[];
  /** What nobody must overlook: signatures that were not checked, inputs that were not read to their end. */
  readonly stamps: readonly string[];
  /** IANA zone, or `±HH:MM`, of all times. */
  readonly tz: string;
  readonly sections: readonly Section[];
  /** The last line: program, version, when. */
  readonly footer: string;
}

export type Section =
  | FiguresSection
  | BarsSection
  | TimelineSection
  | StepsSection
  | TableSection
  | FindingsSection
  | NotesSection;

/** How much a thing matters, by which it is coloured. */
export type Tone = 'plain' | 'good' | 'late' | 'bad' | 'dim';

interface SectionHead {
  /** Unique in the page; names the element, and keeps sort and filter when the page is shown anew. */
  readonly id: string;
  readonly title: string;
  /** A sentence under the title, null for none. */
  readonly about: string | null;
  /** Half of the page's width, where that is wide enough. */
  readonly half?: true;
}

/** The headline numbers. */
export interface FiguresSection extends SectionHead {
  readonly kind: 'figures';
  readonly figures: readonly {
    readonly label: string;
    readonly value: string;
    readonly detail: string | null;
    readonly tone: Tone;
  }[];
}

/** Counts side by side; `name` is a verdict, or none that has a colour. */
export interface BarsSection extends SectionHead {
  readonly kind: 'bars';
  readonly bars: readonly {
    readonly name: string;
    readonly count: number;
    readonly means: string;
  }[];
}

/** Counts over time; the range that is chosen here bounds the tables too. */
export interface TimelineSection extends SectionHead {
  readonly kind: 'timeline';
  /** Seconds of one step. */
  readonly step: number;
  /** Where the steps that hold anything begin, in seconds since the epoch, rising. */
  readonly from: readonly number[];
  /** For each verdict that occurred, a count for each step. */
  readonly series: readonly { readonly name: string; readonly counts: readonly number[] }[];
}

/** A number that falls, or rises, in steps. */
export interface StepsSection extends SectionHead {
  readonly kind: 'steps';
  /** Seconds since the epoch, rising. */
  readonly at: readonly number[];
  /** What holds from there to the next step. */
  readonly values: readonly number[];
  readonly unit: string;
  /** What is shown first, where the whole would be too wide: seconds since the epoch. */
  readonly view: readonly [from: number, to: number] | null;
}

export type Cell = string | number | null;

/** Cells of a `count` are numbers, of the others strings; a `time` is `2026-11-20 23:59`, so that it sorts as text. */
export interface Column {
  readonly title: string;
  readonly type: 'text' | 'time' | 'count' | 'code';
  readonly tone?: Tone;
}

export interface TableSection extends SectionHead {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows that the document holds beside these, further down. */
  readonly rest?: number;
  /** Rows that are in no part of this page, and how to have them. */
  readonly left?: { readonly count: number; readonly hint: string };
  /** Columns of the first and last moment of a row: a chosen range leaves out what lies outside. */
  readonly span?: readonly [first: number, last: number];
  /** Column and direction in which the rows come. */
  readonly sorted?: readonly [column: number, direction: 'ascending' | 'descending'];
  /** Rows end with a cell more than there are columns: the path of the page about the row, or null. */
  readonly linked?: true;
  /** Shown only where somebody opens it. */
  readonly folded?: true;
}

export type Level = 'critical' | 'high' | 'medium' | 'low' | 'info';

export interface FindingItem {
  readonly id: string;
  readonly rule: string;
  readonly level: Level;
  readonly title: string;
  readonly why: string;
  /** What to do. */
  readonly action: string;
  /** What it means, and what else may look like it. */
  readonly meaning: string;
  readonly harmless: readonly string[];
  readonly who: string;
  readonly when: string;
  readonly count: number;
  /** `2026-11-20 22:41` in the report's zone, null where no time is known. */
  readonly first: string | null;
  readonly last: string | null;
  /** Techniques of MITRE ATT&CK. */
  readonly attack: readonly string[];
  readonly evidence: readonly {
    readonly place: string;
    readonly time: string;
    readonly token: string;
  }[];
}

export interface FindingsSection extends SectionHead {
  readonly kind: 'findings';
  /** The worst first. */
  readonly findings: readonly FindingItem[];
  /** Said where there are none. */
  readonly none: string;
}

export interface NotesSection extends SectionHead {
  readonly kind: 'notes';
  readonly notes: readonly string[];
}
