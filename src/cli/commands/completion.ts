import type { CommandText } from '../../manual/description.ts';
import type { Shell } from '../define/completion.ts';
import { describeProgram } from '../describe.ts';
import type { Host } from '../host.ts';
import { streamSink } from '../write.ts';

const SCRIPTS: Readonly<Record<Shell, () => Promise<(program: CommandText) => string>>> = {
  bash: async () => (await import('../../manual/bash.ts')).bashCompletion,
  zsh: async () => (await import('../../manual/zsh.ts')).zshCompletion,
  fish: async () => (await import('../../manual/fish.ts')).fishCompletion,
};

/** `authlog completion`: the script that a shell reads. */
export const runCompletion = async (shell: Shell, host: Host): Promise<number> => {
  const script = await SCRIPTS[shell]();
  const sink = streamSink(host.stdout, 'standard output');
  await sink.write(script(await describeProgram(host)));
  await sink.close();
  return 0;
};
