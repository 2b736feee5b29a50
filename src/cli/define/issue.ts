import type { Define } from '../program.ts';

export const defineIssue: Define = (command) => {
  command.action(() => undefined);
};
