import { constants } from 'node:os';
import { CommanderError, type Command } from 'commander';
import { Interrupted, Unavailable } from '../run/stops.ts';
import { addCommands } from './commands/index.ts';
import { addCompletion } from './commands/completion.ts';
import { EXIT, UsageError } from './exit-codes.ts';
import { withoutOff } from './commands/help-pages.ts';
import { RootCommand } from './commands/root-command.ts';
import { npmScript, typedHere } from './npm/npm-script.ts';
import { ownOptions } from './options/run-options.ts';
import { withoutNpm } from './npm/taken-options.ts';
import { say, type Io, type VerbContext } from './verb-context.ts';
import { oneLine } from '../util/error-text.ts';
import { OptionError } from '../util/option-error.ts';

/**
 * Parses and runs a command line. Never throws: every error is one line on stderr.
 *
 * @param argv without the program's name
 * @param context loads scenarios, remedies and labs, for the verbs that need them
 * @returns the exit code
 */
export async function cli(
  argv: readonly string[],
  io: Io,
  context: () => Promise<VerbContext>,
): Promise<number> {
  const instead = withoutNpm(argv, io.env, ownOptions());
  if (instead !== undefined) return refuse(`npm consumed the options; run: ${instead}`, io);
  let code: number = EXIT.ok;
  const program = programFor(io);
  const call = {
    argv,
    io,
    context,
    done: (verbsCode: number) => {
      code = verbsCode;
    },
  };
  addCommands(program, call);
  addCompletion(program, call);
  try {
    if (argv.length === 0) {
      const { nextVerb } = await import('./verbs/next.ts');
      return await nextVerb(await context());
    }
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, helpFor(program, argv, io), io);
  }
}

function programFor(io: Io): Command {
  return new RootCommand(npmScript(io.env))
    .description('Makes Linux conntrack exhaustion happen on purpose, and proves what cures it.')
    .version(io.ownVersion)
    .exitOverride()
    .configureHelp({ optionDescription: withoutOff })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: () => undefined,
    });
}

/** The command that shows the help which fits a command line. */
function helpFor(program: Command, argv: readonly string[], io: Io): string {
  const path: string[] = [];
  let command: Command | undefined = program;
  for (const word of argv) {
    command = command.commands.find((each) => each.name() === word);
    if (command === undefined) break;
    path.push(word);
  }
  return typedHere(io, ...path, '--help');
}

/** @param help the command that shows the help */
function failed(error: unknown, help: string, io: Io): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    return error.code === 'commander.help' ? EXIT.usage : refuse(usageLine(error.message, help), io);
  }
  if (error instanceof UsageError || error instanceof OptionError) return refuse(error.message, io);
  if (error instanceof Interrupted) return 128 + constants.signals[error.by];
  if (error instanceof Unavailable) {
    say(io, `tablefull: ${error.message}`);
    return EXIT.environment;
  }
  const debug = io.env.TABLEFULL_DEBUG === '1' && error instanceof Error;
  say(
    io,
    debug
      ? (error.stack ?? error.message)
      : `tablefull: unexpected: ${oneLine(error)}; TABLEFULL_DEBUG=1 shows where`,
  );
  return EXIT.environment;
}

function refuse(line: string, io: Io): number {
  say(io, `tablefull: ${line}`);
  return EXIT.usage;
}

/** Commander's message in one line, with the fix. */
function usageLine(message: string, help: string): string {
  const line = message.replace(/^error: /, '').replaceAll('\n', ' ');
  const helpful = /Did you mean|Allowed choices|Give /.test(line);
  return helpful ? line : `${line.replace(/\.$/, '')}; see ${help}`;
}
