import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import type { Shell } from '../shells.ts';
import type { VerbContext } from '../verb-context.ts';

const PROGRAM = 'tablefull';

/** The program's commands and options, with the names of scenarios, remedies and labs as values. */
function completions(program: Command, context: VerbContext) {
  const known = tab(program, { completionCommandName: 'completion' });
  const scenarios = context.scenarios.map(({ name, summary }) => [name, summary] as const);
  const remedies = context.remedies.map(({ name, summary }) => [name, summary] as const);
  const labs = context.labs.map(({ name, summary }) => [name, summary] as const);
  const offer = (values: readonly (readonly [string, string])[]) => {
    return (complete: (value: string, description: string) => void): void => {
      for (const [value, description] of values) complete(value, description);
    };
  };
  const byArgument = { scenario: scenarios, word: [...scenarios, ...remedies] };
  const byOption = { lab: labs, remedy: remedies };
  for (const command of known.commands.values()) {
    for (const [name, values] of Object.entries(byArgument)) {
      const argument = command.arguments.get(name);
      if (argument) argument.handler = offer(values);
    }
    for (const [name, values] of Object.entries(byOption)) {
      const option = command.options.get(name);
      if (option) option.handler = offer(values);
    }
  }
  return known;
}

/** `completion`: prints the script that a shell sources. */
export function completionVerb(shell: Shell, program: Command, context: VerbContext): number {
  completions(program, context).setup(PROGRAM, PROGRAM, shell);
  return 0;
}

/** `complete -- WORDS`: prints what may follow, for that script. */
export function completeVerb(words: readonly string[], program: Command, context: VerbContext): number {
  completions(program, context).parse([...words]);
  return 0;
}
