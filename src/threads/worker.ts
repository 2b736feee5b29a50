import { parentPort, type MessagePort } from 'node:worker_threads';
import type { BlockJob } from '../judge/job.ts';
import { Judge, type JudgeConfig } from '../judge/judge.ts';
import type { JudgedBlock } from '../judge/judged.ts';
import { prepareZone } from '../source/fields/zone.ts';
import { doJob, type PartJob } from './job.ts';

const serve = async (port: MessagePort, config: JudgeConfig): Promise<void> => {
  await prepareZone(config.zone);
  const judge = new Judge(config);
  port.on('message', (job: BlockJob | PartJob) => {
    const done = doJob(judge, job);
    port.postMessage(done, done === null ? [] : memoryOf(done.judged));
  });
  // Blocks that come before would wait here while the main thread has nothing to do.
  port.postMessage('ready');
};

const memoryOf = ({ verdicts, newSpellings, events, audit }: JudgedBlock): ArrayBuffer[] =>
  [verdicts, newSpellings.count > 0 ? newSpellings.bytes : null, events, audit?.numbers].flatMap(
    (view) => view?.buffer ?? [],
  ) as ArrayBuffer[];

// What to judge by comes first: the thread may have been started before that was known.
parentPort!.once('message', (config: JudgeConfig) => void serve(parentPort!, config));
