import { Command } from 'commander';
import { typed } from '../../report/rerun.ts';

/** The groups of the program's help, in this order. */
export const GROUPS = {
  run: 'Make it happen',
  prove: 'Prove your own fix',
  learn: 'Learn and teach',
  runs: 'Recorded runs',
} as const;

/** Commands of this group share the help's last lines. */
const MORE = 'More';

const WIDTH = 80;
const EXIT_LINE = 'Exit codes: 0 passed, 1 failed, 2 inconclusive or not run, 3 not restored.';

/** The program, with a help that fits a terminal of 80×24. The help of its commands is commander's. */
export class RootCommand extends Command {
  readonly #script: string | undefined;

  /** @param script the npm script that started this process */
  constructor(script: string | undefined) {
    super('tablefull');
    this.#script = script;
  }

  override createCommand(name?: string): Command {
    return new Command(name);
  }

  override helpInformation(): string {
    const shown = this.createHelp().visibleCommands(this);
    const of = (group: string): readonly Command[] =>
      shown.filter((command) => command.helpGroup() === group);
    const groups = Object.values(GROUPS)
      .map((name) => ({ name, commands: of(name) }))
      .filter(({ commands }) => commands.length > 0);
    const column =
      2 + Math.max(...groups.flatMap(({ commands }) => commands.map((each) => term(each).length)));
    const more = shown.filter((command) => !groups.some(({ commands }) => commands.includes(command)));
    return `${[
      this.description(),
      ...groups.flatMap(({ name, commands }) => [
        `${name}:`,
        ...commands.map((each) => `  ${term(each).padEnd(column)}${each.summary()}`.slice(0, WIDTH)),
      ]),
      `${MORE}: ${more.map((each) => each.name()).join(', ')}`,
      `Options of a command: ${typed(this.#script, ['COMMAND', '--help'])}`,
      `Version: ${typed(this.#script, ['--version'])}`,
      EXIT_LINE,
    ].join('\n')}\n`;
  }
}

/** The command and what must follow it. */
function term(command: Command): string {
  const required = command.registeredArguments.filter((argument) => argument.required);
  return [command.name(), ...required.map((argument) => argument.name().toUpperCase())].join(' ');
}
