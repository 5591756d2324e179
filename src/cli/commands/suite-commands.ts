import { Option, type Command } from 'commander';
import type { Call } from './call.ts';
import { COMPARE_FORMATS, type CompareOptions } from '../options/compare-options.ts';
import { helpInPages, TEST_PAGES } from './help-pages.ts';
import { npmScript } from '../npm/npm-script.ts';
import { GROUPS } from './root-command.ts';
import { testOptions, type TestOptions } from '../options/test-options.ts';

/** Adds the verbs that run suites, and that list and compare what was recorded. */
export function addSuites(program: Command, { io, context, done }: Call): void {
  const test = program
    .command('test [file]')
    .helpGroup(GROUPS.prove)
    .summary('run a suite: all that must hold')
    .description('run a suite, tablefull.yaml or another file, and check that all in it holds')
    .action(async (file: string | undefined, options: TestOptions) => {
      const { testVerb } = await import('../verbs/test.ts');
      done(await testVerb(file, options, await context()));
    });
  for (const option of testOptions()) test.addOption(option);
  helpInPages(test, TEST_PAGES, npmScript(io.env));
  program
    .command('runs [folder]')
    .helpGroup(GROUPS.runs)
    .summary('list what was recorded')
    .description(
      'list recorded runs, suites and matrices, the newest first; without a folder, those in ./runs',
    )
    .option('--json', 'one JSON document', false)
    .action(async (folder: string | undefined, options: { json: boolean }) => {
      const { runsVerb } = await import('../verbs/runs.ts');
      done(runsVerb(folder, options, io));
    });
  program
    .command('compare <before> <after>')
    .helpGroup(GROUPS.runs)
    .summary('what changed between two runs, suites, matrices')
    .description('show what changed from one run, suite or matrix to another; exit code 1 where verdicts did')
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices(COMPARE_FORMATS)
        .default('terminal', 'terminal'),
    )
    .option('--out <file>', 'the file to write instead of stdout')
    .action(async (before: string, after: string, options: CompareOptions) => {
      const { compareVerb } = await import('../verbs/compare.ts');
      done(await compareVerb([before, after], options, io));
    });
}
