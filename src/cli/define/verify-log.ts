import type { Define } from '../program.ts';

export const defineVerifyLog: Define = (command) => {
  command.action(() => undefined);
};
