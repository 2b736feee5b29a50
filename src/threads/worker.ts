import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { Judge, type BlockJob, type JudgeConfig } from '../judge/judge.ts';
import { prepareZone } from '../source/fields/zone.ts';

const serve = async (port: MessagePort, config: JudgeConfig): Promise<void> => {
  await prepareZone(config.zone);
  const judge = new Judge(config);
  port.on('message', (job: BlockJob) => {
    const judged = judge.judge(job);
    const { verdicts, events, audit } = judged;
    const memory = [verdicts, events, audit?.numbers].flatMap((view) => view?.buffer ?? []);
    port.postMessage(judged, memory as ArrayBuffer[]);
  });
  // Blocks that come before would wait here while the main thread has nothing to do.
  port.postMessage(null);
};

void serve(parentPort!, workerData as JudgeConfig);
