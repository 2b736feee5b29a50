import type { Define } from '../program.ts';

export const defineGuard: Define = (command) => {
  command.action(() => undefined);
};
