import { constants } from 'node:os';
import { Argument, Command, CommanderError, Option } from 'commander';
import { Interrupted, oneLine, Unavailable } from '../run/stops.ts';
import { EXIT, EXIT_HELP, UsageError } from './exit-codes.ts';
import type { LabUpOptions } from '../lab/kept.ts';
import { PROXY_MODES } from '../scenario/kube-proxy.ts';
import { pairs, version, whole } from './option-values.ts';
import type { RunOptions } from './order.ts';
import { ownOptions, runOptions } from './run-options.ts';
import { swallowed } from './swallowed.ts';
import { claimsVerb } from './verbs/claims.ts';
import { doctorVerb } from './verbs/doctor.ts';
import { matrixOptions } from './matrix-options.ts';
import type { MatrixOptions } from './matrix-session.ts';
import { explainVerb } from './verbs/explain.ts';
import { initVerb } from './verbs/init.ts';
import { labDownVerb, labListVerb, labUpVerb } from './verbs/lab.ts';
import { judgeVerb } from './verbs/judge.ts';
import { listVerb } from './verbs/list.ts';
import { matrixVerb } from './verbs/matrix.ts';
import { restoreVerb } from './verbs/restore.ts';
import { runVerb } from './verbs/run.ts';
import { schemaVerb, SCHEMA_NAMES, type SchemaName } from './verbs/schema.ts';
import { validateVerb } from './verbs/validate.ts';
import { say, type World } from './world.ts';

/**
 * The command line, from its words to its exit code. It never throws: whatever goes wrong is one line on stderr.
 *
 * @param argv without the program's name
 */
export async function cli(argv: readonly string[], world: World): Promise<number> {
  const instead = swallowed(argv, world.env, ownOptions());
  if (instead !== undefined) return refuse(`npm kept the options for itself; type: ${instead}`, world);
  let code: number = EXIT.ok;
  const program = programFor(argv, world, (verbsCode) => {
    code = verbsCode;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, world);
  }
}

/** Each verb parses, calls and hands over its exit code. */
function programFor(argv: readonly string[], world: World, done: (code: number) => void): Command {
  const program = new Command('tablefull')
    .description(
      'Linux conntrack exhaustion on purpose: which remedy cures which symptom, proved by the kernel’s counters',
    )
    .version(world.ownVersion)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      outputError: () => undefined,
    })
    .addHelpText('after', EXIT_HELP);

  const run = program
    .command('run [scenario]')
    .description('run a scenario, by name or as ./mine.yaml; without one, list them')
    .action(async (scenario: string | undefined, options: RunOptions) => {
      done(scenario === undefined ? listVerb(options, world) : await runVerb(scenario, options, argv, world));
    });
  for (const option of runOptions()) run.addOption(option);

  const matrix = program
    .command('matrix')
    .description('every scenario with every remedy: which cures which')
    .action(async (options: MatrixOptions) => {
      done(await matrixVerb(options, world));
    });
  for (const option of matrixOptions()) matrix.addOption(option);

  program
    .command('claims <matrix...>')
    .description('what matrices, one of a lab, say of the reference texts’ claims, as Markdown')
    .option('--out <folder>', 'write claims.md, and the cells that it rests on, there')
    .action(async (paths: string[], options: { out?: string }) => {
      done(await claimsVerb(paths, options, world));
    });
  program
    .command('list')
    .description('the scenarios, their parameters and remedies')
    .option('--json', 'one JSON document', false)
    .action((options: { json: boolean }) => {
      done(listVerb(options, world));
    });
  program
    .command('explain [name]')
    .description(
      'what a scenario, a remedy or a counter is, and how to see it on a node; without one, list them',
    )
    .action((name: string | undefined) => {
      done(explainVerb(name, world));
    });
  program
    .command('doctor')
    .description('what a lab needs, tried on this machine, and the mend for what is missing')
    .option('--lab <name>', 'which lab (also TABLEFULL_LAB)')
    .option('--json', 'one JSON document', false)
    .action(async (options: { json: boolean; lab?: string }) => {
      done(await doctorVerb(options, world));
    });
  const lab = program.command('lab').description('labs that outlive a run: clusters, which are slow to make');
  lab
    .command('up <kind>')
    .description('create a lab for many runs, or find it again: `lab up kind`')
    .option('--name <name>', 'what it is called (default: tablefull)')
    .option('--workers <number>', 'nodes beside the control plane (default: 3)', whole(1))
    .option(
      '--image <image>',
      'the node image, which is the Kubernetes version (default: the one of make kind-image, else kind’s)',
    )
    .addOption(new Option('--proxy-mode <mode>', 'of kube-proxy').choices(PROXY_MODES))
    .option(
      '--kube-proxy <version>',
      'another kube-proxy than the node image’s, built with `npm run kube-proxy -- VERSION`',
      version,
    )
    .option('--conntrack <key=value,…>', 'of kube-proxy’s configuration, its section conntrack', pairs)
    .action(async (kind: string, options: LabUpOptions) => {
      done(await labUpVerb(kind, options, world));
    });
  lab
    .command('list')
    .description('the labs that stand, and whether they answer')
    .option('--json', 'one JSON document', false)
    .action(async (options: { json: boolean }) => {
      done(await labListVerb(options, world));
    });
  lab
    .command('down <name>')
    .description('delete a lab of tablefull’s own')
    .action(async (name: string) => {
      done(await labDownVerb(name, world));
    });
  program
    .command('validate <file>')
    .description('check a scenario’s file without running it')
    .action(async (file: string) => {
      done(await validateVerb(file, world));
    });
  program
    .command('init [file]')
    .description('write a scenario to begin with: mine.yaml, or a file that ends in .yaml or .ts')
    .action(async (file: string | undefined) => {
      done(await initVerb(file, world));
    });
  program
    .command('judge <run>')
    .description('judge a run’s folder again; nothing is run or written')
    .option('--json', 'one JSON document', false)
    .action(async (folder: string, options: { json: boolean }) => {
      done(await judgeVerb(folder, options, world));
    });
  program
    .command('restore')
    .description('put back what a killed run has left')
    .action(async () => {
      done(await restoreVerb(world));
    });
  program
    .command('schema')
    .description('the JSON Schema of a verdict, or of a scenario’s file')
    .addArgument(new Argument('[what]').choices(SCHEMA_NAMES).default('verdict'))
    .action((what: SchemaName) => {
      done(schemaVerb(what, world));
    });
  return program;
}

function failed(error: unknown, world: World): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    return error.code === 'commander.help' ? EXIT.usage : refuse(usageLine(error.message), world);
  }
  if (error instanceof UsageError) return refuse(error.message, world);
  if (error instanceof Interrupted) return 128 + constants.signals[error.by];
  if (error instanceof Unavailable) {
    say(world, `tablefull: ${error.message}`);
    return EXIT.environment;
  }
  const debug = world.env.TABLEFULL_DEBUG === '1' && error instanceof Error;
  say(
    world,
    debug
      ? (error.stack ?? error.message)
      : `tablefull: unexpected: ${oneLine(error)}; TABLEFULL_DEBUG=1 shows where`,
  );
  return EXIT.environment;
}

function refuse(line: string, world: World): number {
  say(world, `tablefull: ${line}`);
  return EXIT.usage;
}

/** Commander's message in one line, with the mend. */
function usageLine(message: string): string {
  const line = message.replace(/^error: /, '').replaceAll('\n', ' ');
  const mended = /Did you mean|Allowed choices|Give /.test(line);
  return mended ? line : `${line}; see tablefull --help`;
}
