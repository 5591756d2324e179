import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import type { LabUpOptions } from '../../lab/kept.ts';
import { PROXY_MODES } from '../../change/proxy-modes.ts';
import { addHandsOn, addPlay } from './hands-on-commands.ts';
import { helpInPages, MATRIX_PAGES, RUN_PAGES } from './help-pages.ts';
import { matrixOptions } from '../options/matrix-options.ts';
import type { MatrixOptions } from '../matrix/session.ts';
import { npmScript } from '../npm/npm-script.ts';
import { clusterName, pairs, version, whole } from '../options/values.ts';
import type { RunOptions } from '../request/request.ts';
import type { Call } from './call.ts';
import { GROUPS } from './root-command.ts';
import { runOptions } from '../options/run-options.ts';
import { SCHEMA_NAMES, type SchemaName } from '../schema-names.ts';
import { addSuites } from './suite-commands.ts';
import { CI_SYSTEMS } from '../suite/ci-templates.ts';
import type { InitOptions } from '../verbs/init.ts';

/**
 * Adds every verb. Each module is loaded on call: `list` needs a small part of what `run` needs, `--version`
 * nothing.
 */
export function addCommands(program: Command, call: Call): void {
  const { io, context, done } = call;
  addRuns(program, call);
  addSuites(program, call);
  program
    .command('claims <matrix...>')
    .summary('judge the claims of the sources by matrices')
    .description(
      'judge the claims of the sources by matrices, as Markdown; of a lab’s, the first that can judge a claim counts',
    )
    .option('--out <folder>', 'the folder for claims.md and the cells it rests on')
    .action(async (paths: string[], options: { out?: string }) => {
      const { claimsVerb } = await import('../verbs/claims.ts');
      done(await claimsVerb(paths, options, io));
    });
  program
    .command('list [scenario]')
    .helpGroup(GROUPS.run)
    .summary('the scenarios, by name')
    .description('list the scenarios, or the parameters and remedies of one')
    .option('--json', 'one JSON document', false)
    .action(async (scenario: string | undefined, options: { json: boolean }) => {
      const { listVerb } = await import('../verbs/list.ts');
      done(listVerb(scenario, options, await context()));
    });
  program
    .command('explain [word...]')
    .helpGroup(GROUPS.learn)
    .summary('what a scenario, a remedy or a word of a verdict is')
    .description(
      'explain a scenario, a remedy, a counter or any word of a verdict; `symptoms`: which one fits what you see; without a word, list the pages',
    )
    .action(async (words: string[]) => {
      const { explainVerb } = await import('../verbs/explain.ts');
      done(explainVerb(words, await context()));
    });
  program
    .command('doctor')
    .helpGroup(GROUPS.run)
    .summary('can this machine run it, and what is missing')
    .description('check what a lab needs on this machine, with a fix for what is missing')
    .option('--lab <name>', 'the lab (also TABLEFULL_LAB)')
    .option('--json', 'one JSON document', false)
    .action(async (options: { json: boolean; lab?: string }) => {
      const { doctorVerb } = await import('../verbs/doctor.ts');
      done(await doctorVerb(options, await context()));
    });
  addLabs(program, call);
  addHandsOn(program, call);
  program
    .command('validate <file>')
    .helpGroup(GROUPS.prove)
    .summary('check a scenario or suite file without running it')
    .description('check a scenario or suite file without running it')
    .option('--no-commands', 'refuse files that bring programs, without running a module')
    .action(async (file: string, options: { commands: boolean }) => {
      const { validateVerb } = await import('../verbs/validate.ts');
      done(await validateVerb(file, options, await context()));
    });
  program
    .command('init [file]')
    .helpGroup(GROUPS.prove)
    .summary('write a scenario of your own to begin with')
    .description('write an example scenario: mine.yaml, or a file that ends in .yaml or .ts')
    .option('--from <scenario>', 'write the whole protocol of this scenario instead, to change it')
    .addOption(
      new Option('--param <name=value>', 'with --from: a parameter of the scenario; repeatable')
        .argParser(pairs)
        .default({}, 'the first value of each'),
    )
    .addOption(
      new Option('--ci <system>', 'write a suite, tablefull.yaml, and a workflow that runs it instead')
        .choices(CI_SYSTEMS)
        .conflicts(['from', 'param']),
    )
    .action(async (file: string | undefined, options: InitOptions) => {
      const { initVerb } = await import('../verbs/init.ts');
      done(await initVerb(file, options, io, context));
    });
  program
    .command('judge <run>')
    .helpGroup(GROUPS.runs)
    .summary('judge a recorded run again')
    .description('judge a recorded run again; nothing is run or written')
    .option('--figures', 'print all figures and reasons', false)
    .option('--json', 'one JSON document', false)
    .action(async (folder: string, options: { json: boolean; figures: boolean }) => {
      const { judgeVerb } = await import('../verbs/judge.ts');
      done(await judgeVerb(folder, options, io));
    });
  program
    .command('report <run...>')
    .helpGroup(GROUPS.runs)
    .summary('draw the page of a run, a suite or a matrix again')
    .description('draw report.html of runs, suites or a matrix again; several matrices become one page')
    .addOption(
      new Option('--format <format>', 'html, or md: Markdown for a post-mortem, on stdout')
        .choices(['html', 'md'])
        .default('html'),
    )
    .option('--out <file>', 'the file to write (default: report.html in the folder of each)')
    .action(async (paths: string[], options: { format: 'html' | 'md'; out?: string }) => {
      const { reportVerb } = await import('../verbs/report.ts');
      done(await reportVerb(paths, options, await context()));
    });
  program
    .command('restore')
    .summary('restore what a killed run left behind')
    .description('restore what a killed run left behind')
    .action(async () => {
      const { restoreVerb } = await import('../verbs/restore.ts');
      done(await restoreVerb(await context()));
    });
  program
    .command('schema')
    .summary('print a JSON Schema')
    .description('print the JSON Schema of a verdict or another format')
    .addArgument(new Argument('[what]').choices(SCHEMA_NAMES).default('verdict'))
    .action(async (what: SchemaName) => {
      const { schemaVerb } = await import('../verbs/schema.ts');
      done(schemaVerb(what, io));
    });
}

function addRuns(program: Command, { argv, io, context, done }: Call): void {
  const run = program
    .command('run [scenario]')
    .helpGroup(GROUPS.run)
    .summary('run a scenario to its verdict, as in `run saturate`')
    .description('run a scenario, by name or as ./mine.yaml; without one, list them')
    .action(async (scenario: string | undefined, options: RunOptions) => {
      if (scenario === undefined) {
        const { listVerb } = await import('../verbs/list.ts');
        done(listVerb(undefined, options, await context()));
        return;
      }
      const { runVerb } = await import('../verbs/run.ts');
      done(await runVerb(scenario, options, argv, await context()));
    });
  for (const option of runOptions()) run.addOption(option);
  helpInPages(run, RUN_PAGES, npmScript(io.env));

  const matrix = program
    .command('matrix')
    .helpGroup(GROUPS.run)
    .summary('every scenario with every remedy: a heat map')
    .description('run every scenario with every remedy')
    .action(async (options: MatrixOptions) => {
      const { matrixVerb } = await import('../verbs/matrix.ts');
      done(await matrixVerb(options, await context()));
    });
  for (const option of matrixOptions()) matrix.addOption(option);
  helpInPages(matrix, MATRIX_PAGES, npmScript(io.env));
}

function addLabs(program: Command, call: Call): void {
  const { context, done } = call;
  const verbs = () => import('../verbs/lab.ts');
  const lab = program
    .command('lab')
    .summary('labs to act in, and clusters that outlive a run')
    .description('labs to act in, and labs that outlive a run: clusters, which are slow to create');
  addPlay(lab, call);
  lab
    .command('up <kind>')
    .description('create a lab for many runs, or check an existing one: `lab up kind`')
    .option('--name <name>', 'its name (default: tablefull)', clusterName)
    .option('--workers <number>', 'nodes beside the control plane (default: 3)', whole(1))
    .option(
      '--image <image>',
      'the node image; it decides the Kubernetes version (default: that of make kind-image, else kind’s)',
    )
    .option('--kind-config <file>', 'its shape, as kind has it; further documents (a CNI) are applied to it')
    .addOption(new Option('--proxy-mode <mode>', 'kube-proxy’s mode').choices(PROXY_MODES))
    .option(
      '--kube-proxy <version>',
      'a kube-proxy built with `npm run kube-proxy -- VERSION`, instead of the node image’s',
      version,
    )
    .option(
      '--conntrack <key=value,…>',
      'values for the section conntrack of kube-proxy’s configuration',
      pairs,
    )
    .action(async (kind: string, options: LabUpOptions & { kindConfig?: string }) => {
      const { labUpVerb } = await verbs();
      done(await labUpVerb(kind, options, await context()));
    });
  lab
    .command('list')
    .description('list the existing labs, and whether they answer')
    .option('--json', 'one JSON document', false)
    .action(async (options: { json: boolean }) => {
      const { labListVerb } = await verbs();
      done(await labListVerb(options, await context()));
    });
  lab
    .command('down <name>')
    .description('delete a lab that tablefull created')
    .action(async (name: string) => {
      const { labDownVerb } = await verbs();
      done(await labDownVerb(name, await context()));
    });
}
