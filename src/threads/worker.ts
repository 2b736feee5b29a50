import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { Judge, type BlockJob, type JudgeConfig } from '../judge/judge.ts';
import { prepareZone } from '../source/fields/zone.ts';

const serve = async (port: MessagePort, config: JudgeConfig): Promise<void> => {
  const judge = new Judge(config);
  let last = prepareZone(config.zone);
  port.on('message', (job: BlockJob) => {
    // One block at a time: a judge keeps state between the halves of its work.
    last = last.then(async () => {
      const judged = await judge.judge(job);
      const { verdicts, events } = judged;
      const memory = events === null ? [verdicts.buffer] : [verdicts.buffer, events.buffer];
      port.postMessage(judged, memory as ArrayBuffer[]);
    });
  });
  await last;
};

await serve(parentPort!, workerData as JudgeConfig);
