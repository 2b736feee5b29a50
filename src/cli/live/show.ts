import type { Finding } from '../../audit/finding.ts';
import { RateMeter } from '../../follow/rates.ts';
import { incompleteText } from '../../report/error.ts';
import { frameOf } from '../../report/live/frame.ts';
import { PANELS, type LiveView, type Panel } from '../../report/live/view.ts';
import type { Theme } from '../../report/theme.ts';
import type { Session } from './session.ts';
import { Terminal } from './terminal.ts';
import type { Host } from '../host.ts';

const HOUR = 3600;
const MOST_EXPIRING = 100;
const NEXT: ReadonlySet<string> = new Set(['\t', '\u{1b}[C', '\u{1b}OC', '\u{1b}[B', '\u{1b}OB']);
const BACK: ReadonlySet<string> = new Set([
  '\u{1b}[Z',
  '\u{1b}[D',
  '\u{1b}OD',
  '\u{1b}[A',
  '\u{1b}OA',
]);
const INTERRUPT = '\u{3}';

export interface ShowOptions {
  readonly session: Session;
  readonly host: Host;
  readonly theme: Theme;
  readonly command: LiveView['command'];
  readonly isVerified: boolean;
  /** Null where no rules are at work. */
  readonly findings: (() => readonly Finding[]) | null;
}

/** Runs a session on a live screen; the terminal is as it was when this ends, however it ends. */
export const showLive = async (options: ShowOptions, interval: number): Promise<void> => {
  const { session, host } = options;
  const screen = new LiveScreen(options);
  const terminal = new Terminal(
    host,
    (keys) => screen.press(keys, terminal),
    () => screen.draw(terminal),
  );
  terminal.open();
  try {
    screen.draw(terminal);
    await session.run(interval, () => screen.refresh(terminal));
  } finally {
    terminal.close();
  }
};

/** What a screen remembers beside the session: the chosen part, the last view while it is held. */
class LiveScreen {
  readonly #options: ShowOptions;
  readonly #meter = new RateMeter();
  readonly #started = performance.now();
  #panel: Panel = 'all';
  #isHelping = false;
  #isPaused = false;
  #view: LiveView;

  constructor(options: ShowOptions) {
    this.#options = options;
    this.#view = this.#look();
  }

  refresh(terminal: Terminal): void {
    const view = this.#look();
    if (!this.#isPaused) this.#view = view;
    this.draw(terminal);
  }

  draw(terminal: Terminal): void {
    const view = {
      ...this.#view,
      panel: this.#panel,
      isHelping: this.#isHelping,
      isPaused: this.#isPaused,
    };
    terminal.draw(frameOf(view, terminal.size, this.#options.theme));
  }

  /** @param keys what was typed; letters may come together */
  press(keys: string, terminal: Terminal): void {
    if (NEXT.has(keys)) this.#turn(1);
    else if (BACK.has(keys)) this.#turn(-1);
    else for (const key of keys.startsWith('\u{1b}') ? [] : keys) this.#pressLetter(key);
    this.draw(terminal);
  }

  #pressLetter(key: string): void {
    if (key === 'q' || key === 'Q' || key === INTERRUPT) this.#options.session.end();
    else if (key === 'p' || key === ' ') this.#isPaused = !this.#isPaused;
    else if (key === '?' || key === 'h') this.#isHelping = !this.#isHelping;
    else if (key === '\t') this.#turn(1);
  }

  #turn(by: number): void {
    const panels = PANELS.filter(
      (panel) => panel !== 'findings' || this.#options.findings !== null,
    );
    const at = panels.indexOf(this.#panel) + by + panels.length;
    this.#panel = panels[at % panels.length]!;
  }

  #look(): LiveView {
    const { session, command, isVerified, findings } = this.#options;
    const { tally, expiry, rejections } = session.live;
    const { now } = session;
    session.live.moveTo(now / 1000);
    const totals = tally.totals();
    const soon = expiry.soon(HOUR, MOST_EXPIRING);
    return {
      command,
      sources: session.read.map(({ path }) => path),
      now,
      running: performance.now() - this.#started,
      catchingUp: session.catchingUp,
      isPaused: this.#isPaused,
      isVerified,
      totals,
      users: tally.users.size,
      rates: this.#meter.measure(performance.now(), totals),
      rejections: [...rejections],
      expiring: {
        count: soon.count,
        first: soon.first.map(({ row, expiry: at }) => ({
          identity: tally.users.identityOf(row),
          expiry: at,
        })),
      },
      findings: findings?.() ?? null,
      remarks: session.incomplete.map(incompleteText),
      panel: this.#panel,
      isHelping: this.#isHelping,
    };
  }
}
