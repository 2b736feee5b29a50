import { Argument } from 'commander';
import { addGuide } from '../guide.ts';
import { choiceValue } from '../key-flags.ts';
import type { Define } from '../program.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export const defineCompletion: Define = (command, host, exit) => {
  command.addArgument(
    new Argument('<shell>', 'the shell that reads the script')
      .choices(SHELLS)
      .argParser((word) => choiceValue(word, SHELLS)),
  );
  addGuide(command, EXAMPLES, NOTES);
  command.action(async (shell: Shell) => {
    const { runCompletion } = await import('../commands/completion.ts');
    exit(await runCompletion(shell, host));
  });
};

const EXAMPLES = [
  'source <(authlog completion bash)',
  'authlog completion zsh > ~/.zfunc/_authlog',
  'authlog completion fish > ~/.config/fish/completions/authlog.fish',
];

const NOTES = [
  'zsh reads ~/.zfunc where fpath=(~/.zfunc $fpath) stands before compinit in ~/.zshrc.',
  'The scripts are whole: no Tab starts authlog. Make them anew after an update. The package holds the same ones in its folder completions.',
];
