import { constants } from 'node:os';
import { Command, CommanderError } from 'commander';
import { Interrupted, oneLine, Unavailable } from '../run/stops.ts';
import { addCommands } from './commands.ts';
import { EXIT, EXIT_HELP, UsageError } from './exit-codes.ts';
import { ownOptions } from './run-options.ts';
import { swallowed } from './swallowed.ts';
import { say, type Io, type World } from './world.ts';

/**
 * Parses and runs a command line. Never throws: every error is one line on stderr.
 *
 * @param argv without the program's name
 * @param world loads scenarios, remedies and labs for the verbs that need them
 * @returns the exit code
 */
export async function cli(argv: readonly string[], io: Io, world: () => Promise<World>): Promise<number> {
  const instead = swallowed(argv, io.env, ownOptions());
  if (instead !== undefined) return refuse(`npm consumed the options; run: ${instead}`, io);
  let code: number = EXIT.ok;
  const program = programFor(io);
  addCommands(program, {
    argv,
    io,
    world,
    done: (verbsCode) => {
      code = verbsCode;
    },
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, io);
  }
}

function programFor(io: Io): Command {
  return new Command('tablefull')
    .description(
      'Linux conntrack exhaustion on purpose: which remedy cures which symptom, proved by the kernel’s counters',
    )
    .version(io.ownVersion)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: () => undefined,
    })
    .addHelpText('after', EXIT_HELP);
}

function failed(error: unknown, io: Io): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    return error.code === 'commander.help' ? EXIT.usage : refuse(usageLine(error.message), io);
  }
  if (error instanceof UsageError) return refuse(error.message, io);
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
function usageLine(message: string): string {
  const line = message.replace(/^error: /, '').replaceAll('\n', ' ');
  const helpful = /Did you mean|Allowed choices|Give /.test(line);
  return helpful ? line : `${line}; see tablefull --help`;
}
