import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import type { LabUpOptions } from '../lab/kept.ts';
import { PROXY_MODES } from '../change/proxy-modes.ts';
import { matrixOptions } from './matrix-options.ts';
import type { MatrixOptions } from './matrix-session.ts';
import { clusterName, pairs, version, whole } from './option-values.ts';
import type { RunOptions } from './order.ts';
import { runOptions } from './run-options.ts';
import { SCHEMA_NAMES, type SchemaName } from './schema-names.ts';
import type { Io, World } from './world.ts';

interface Asked {
  readonly argv: readonly string[];
  readonly io: Io;
  /** Scenarios, remedies and labs, for the verbs that need them. */
  readonly world: () => Promise<World>;
  /** Told the verb's exit code. */
  readonly done: (code: number) => void;
}

/**
 * Adds every verb. Each is loaded when it is called: what `list` needs is a small part of what `run` does, and
 * `--version` needs none of it.
 */
export function addCommands(program: Command, asked: Asked): void {
  const { io, world, done } = asked;
  addRuns(program, asked);
  program
    .command('claims <matrix...>')
    .description('what matrices, one of a lab, say of the reference texts’ claims, as Markdown')
    .option('--out <folder>', 'write claims.md, and the cells that it rests on, there')
    .action(async (paths: string[], options: { out?: string }) => {
      const { claimsVerb } = await import('./verbs/claims.ts');
      done(await claimsVerb(paths, options, io));
    });
  program
    .command('list')
    .description('the scenarios, their parameters and remedies')
    .option('--json', 'one JSON document', false)
    .action(async (options: { json: boolean }) => {
      const { listVerb } = await import('./verbs/list.ts');
      done(listVerb(options, await world()));
    });
  program
    .command('explain [name]')
    .description(
      'what a scenario, a remedy or a counter is, and how to see it on a node; without one, list them',
    )
    .action(async (name: string | undefined) => {
      const { explainVerb } = await import('./verbs/explain.ts');
      done(explainVerb(name, await world()));
    });
  program
    .command('doctor')
    .description('what a lab needs, tried on this machine, and the fix for what is missing')
    .option('--lab <name>', 'which lab (also TABLEFULL_LAB)')
    .option('--json', 'one JSON document', false)
    .action(async (options: { json: boolean; lab?: string }) => {
      const { doctorVerb } = await import('./verbs/doctor.ts');
      done(await doctorVerb(options, await world()));
    });
  addLabs(program, asked);
  program
    .command('validate <file>')
    .description('check a scenario’s file without running it')
    .action(async (file: string) => {
      const { validateVerb } = await import('./verbs/validate.ts');
      done(await validateVerb(file, await world()));
    });
  program
    .command('init [file]')
    .description('write a scenario to begin with: mine.yaml, or a file that ends in .yaml or .ts')
    .action(async (file: string | undefined) => {
      const { initVerb } = await import('./verbs/init.ts');
      done(await initVerb(file, io));
    });
  program
    .command('judge <run>')
    .description('judge a run’s folder again; nothing is run or written')
    .option('--json', 'one JSON document', false)
    .action(async (folder: string, options: { json: boolean }) => {
      const { judgeVerb } = await import('./verbs/judge.ts');
      done(await judgeVerb(folder, options, io));
    });
  program
    .command('restore')
    .description('put back what a killed run has left')
    .action(async () => {
      const { restoreVerb } = await import('./verbs/restore.ts');
      done(await restoreVerb(await world()));
    });
  program
    .command('schema')
    .description('the JSON Schema of a verdict, or of a scenario’s file')
    .addArgument(new Argument('[what]').choices(SCHEMA_NAMES).default('verdict'))
    .action(async (what: SchemaName) => {
      const { schemaVerb } = await import('./verbs/schema.ts');
      done(schemaVerb(what, io));
    });
}

function addRuns(program: Command, { argv, world, done }: Asked): void {
  const run = program
    .command('run [scenario]')
    .description('run a scenario, by name or as ./mine.yaml; without one, list them')
    .action(async (scenario: string | undefined, options: RunOptions) => {
      if (scenario === undefined) {
        const { listVerb } = await import('./verbs/list.ts');
        done(listVerb(options, await world()));
        return;
      }
      const { runVerb } = await import('./verbs/run.ts');
      done(await runVerb(scenario, options, argv, await world()));
    });
  for (const option of runOptions()) run.addOption(option);

  const matrix = program
    .command('matrix')
    .description('every scenario with every remedy: which cures which')
    .action(async (options: MatrixOptions) => {
      const { matrixVerb } = await import('./verbs/matrix.ts');
      done(await matrixVerb(options, await world()));
    });
  for (const option of matrixOptions()) matrix.addOption(option);
}

function addLabs(program: Command, { world, done }: Asked): void {
  const verbs = () => import('./verbs/lab.ts');
  const lab = program.command('lab').description('labs that outlive a run: clusters, which are slow to make');
  lab
    .command('up <kind>')
    .description('create a lab for many runs, or find it again: `lab up kind`')
    .option('--name <name>', 'what it is called (default: tablefull)', clusterName)
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
      const { labUpVerb } = await verbs();
      done(await labUpVerb(kind, options, await world()));
    });
  lab
    .command('list')
    .description('the labs that stand, and whether they answer')
    .option('--json', 'one JSON document', false)
    .action(async (options: { json: boolean }) => {
      const { labListVerb } = await verbs();
      done(await labListVerb(options, await world()));
    });
  lab
    .command('down <name>')
    .description('delete a lab of tablefull’s own')
    .action(async (name: string) => {
      const { labDownVerb } = await verbs();
      done(await labDownVerb(name, await world()));
    });
}
