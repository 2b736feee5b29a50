import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { Guesser, type GuessTask } from './guesser.ts';
import type { Lines } from './wordlist.ts';

const serve = (port: MessagePort, task: GuessTask): void => {
  const guesser = new Guesser(task);
  port.on('message', ({ bytes, first }: Lines) => port.postMessage(guesser.tryLines(bytes, first)));
  // Lines that come before would wait here while the main thread has nothing to do.
  port.postMessage(null);
};

serve(parentPort!, workerData as GuessTask);
