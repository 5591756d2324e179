import { Argument, Command } from 'commander';
import type { Call } from './call.ts';
import { addCommands } from './index.ts';
import { SHELLS, type Shell } from '../shells.ts';

/** Adds `completion SHELL`, and `complete`, which that shell's script calls. */
export function addCompletion(program: Command, call: Call): void {
  const { context, done } = call;
  /** The commands to complete: the library adds its own to them. */
  const known = (): Command => {
    const commands = new Command('tablefull');
    addCommands(commands, call);
    return commands;
  };
  program
    .command('completion')
    .summary('print the completion script of a shell')
    .description(
      'print the completion script of a shell. For bash: `source <(tablefull completion bash)`; for zsh the same; for fish: `tablefull completion fish | source`',
    )
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action(async (shell: Shell) => {
      const { completionVerb } = await import('../verbs/completion.ts');
      done(completionVerb(shell, known(), await context()));
    });
  program
    .command('complete [words...]', { hidden: true })
    .description('print what may follow these words, for the completion script')
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const { completeVerb } = await import('../verbs/completion.ts');
      done(completeVerb(words, known(), await context()));
    });
}
