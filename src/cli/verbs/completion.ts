import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import type { Shell } from '../shells.ts';
import type { World } from '../world.ts';

const PROGRAM = 'tablefull';

/** The program's commands and options, with the values of this world's scenarios, remedies and labs. */
function completions(program: Command, world: World) {
  const known = tab(program, { completionCommandName: 'completion' });
  const scenarios = world.scenarios.map(({ name, summary }) => [name, summary] as const);
  const remedies = world.remedies.map(({ name, summary }) => [name, summary] as const);
  const labs = world.labs.map(({ name, summary }) => [name, summary] as const);
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
export function completionVerb(shell: Shell, program: Command, world: World): number {
  completions(program, world).setup(PROGRAM, PROGRAM, shell);
  return 0;
}

/** `complete -- WORDS`: prints what may follow, for that script. */
export function completeVerb(words: readonly string[], program: Command, world: World): number {
  completions(program, world).parse([...words]);
  return 0;
}
