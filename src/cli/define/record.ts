import type { Define } from '../program.ts';

export const defineRecord: Define = (command) => {
  command.action(() => undefined);
};
