import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../src/store/open.ts';
import { EVERYTHING } from '../../../src/store/store.ts';
import { BIN } from '../../support/cli.ts';
import { realFiles } from './files.ts';
import type { Outcome } from './history.ts';
import { Random } from './random.ts';
import { styleOf, World } from './world.ts';

/** How a run of the real program ended; null for killed. */
interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs `authlog ingest` as a process of its own, and SIGKILLs it after `killAfter` milliseconds. */
const run = async (folder: string, killAfter: number | null): Promise<Ended> => {
  const args = [join(folder, 'log', 'app.log'), '--no-verify', '--store', storeOf(folder)];
  const child = spawn(process.execPath, [BIN, 'ingest', ...args], {
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const timer = killAfter === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfter);
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', (status) => resolve(status));
  });
  if (timer !== null) clearTimeout(timer);
  return { code, stderr };
};

const storeOf = (folder: string): string => `duckdb:${join(folder, 'history.duckdb')}`;

/**
 * One random history of a real folder and the real program: a run that is killed, two at once
 * while the log goes on, and a last one in peace. The rule is that of `live`.
 */
export const liveReally = async (seed: number): Promise<Outcome & { readonly locked: number }> => {
  const random = new Random(seed);
  const folder = mkdtempSync(join(tmpdir(), 'authlog-history-'));
  const must = new Set<number>();
  let crashes = 0;
  let locked = 0;
  let runs = 0;
  try {
    mkdirSync(join(folder, 'log'));
    const world = new World(realFiles(join(folder, 'log')), random, styleOf(random));
    const act = (): void => {
      for (let n = random.whole(2, 14); n > 0; n--) world.act();
    };
    const together = async (kills: readonly (number | null)[], isCalm: boolean): Promise<void> => {
      const before = world.lines();
      runs += kills.length;
      let meanwhile = isCalm ? 0 : random.whole(0, 6);
      const timer = setInterval(() => {
        if (meanwhile-- > 0) world.act();
      }, 60);
      const ends = await Promise.all(kills.map((kill) => run(folder, kill)));
      clearInterval(timer);
      const after = world.lines();
      for (const { code, stderr } of ends) {
        if (code === null) crashes++;
        else if (code === 75 && kills.length > 1) locked++;
        else if (code !== 0 && code !== 3) throw new Error(`seed ${seed}: exit ${code}: ${stderr}`);
        else if (!stderr.includes('again and again')) {
          for (const id of before) if (after.has(id)) must.add(id);
        }
      }
    };
    act();
    await together([random.whole(150, 600)], random.chance(0.5));
    act();
    await together([null, random.chance(0.5) ? random.whole(150, 600) : null], random.chance(0.5));
    world.finish();
    await together([null], true);
    const uses = new Map<number, number>();
    const store = await openStore(storeOf(folder), { create: false });
    for await (const events of store.events(EVERYTHING)) {
      for (const { user_id: user } of events) {
        const id = Number(user);
        if (id > 0) uses.set(id, (uses.get(id) ?? 0) + 1);
      }
    }
    await store.close();
    return {
      lines: must.size,
      runs,
      crashes,
      locked,
      lost: [...must].filter((id) => !uses.has(id)),
      twice: [...uses].filter(([, count]) => count > 1).map(([id]) => id),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
