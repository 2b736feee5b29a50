import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { Judge, type BlockJob, type JudgeConfig } from '../judge/judge.ts';
import { prepareZone } from '../source/fields/zone.ts';
import type { WorkerAnswer } from './message.ts';

const serve = async (port: MessagePort, config: JudgeConfig): Promise<void> => {
  const judge = new Judge(config);
  let last = prepareZone(config.zone);
  port.on('message', (job: BlockJob) => {
    // One block at a time: a judge keeps state between the halves of its work.
    last = last.then(async () => {
      const judged = await judge.judge(job);
      const buffer = job.block.bytes.buffer as ArrayBuffer;
      const answer: WorkerAnswer = { judged, buffer };
      port.postMessage(answer, [
        buffer,
        ...[judged.verdicts, judged.identities, judged.expiries].map((c) => c.buffer),
        ...[judged.times, judged.fingerprints, judged.keys].map((c) => c.buffer),
      ] as ArrayBuffer[]);
    });
  });
  await last;
};

await serve(parentPort!, workerData as JudgeConfig);
