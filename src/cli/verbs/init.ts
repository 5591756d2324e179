import { existsSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { shellWord } from '../../util/shell-word.ts';
import { Unavailable } from '../../run/stops.ts';
import { SCENARIO_ENDINGS, YAML_ENDINGS } from '../../scenario/loader.ts';
import { TS_TEMPLATE, yamlTemplate } from '../../scenario/templates.ts';
import { writtenScenario } from '../../scenario/written.ts';
import { scenarioNameSchema } from '../../schema/scenario-file.ts';
import { suggestion } from '../../util/nearest.ts';
import { environmentOf } from '../request/environment.ts';
import { STANDARD_SUITE } from '../../suite/suite-file.ts';
import { makeFolder } from '../../util/make-folder.ts';
import { githubWorkflow, SUITE_TEMPLATE, type CI_SYSTEMS } from '../suite/ci-templates.ts';
import { EXIT, usage, UsageError } from '../exit-codes.ts';
import { labFor } from '../request/request.ts';
import { print, say, type Io, type VerbContext } from '../verb-context.ts';
import { explain } from '../../util/error-text.ts';

const STANDARD = 'mine.yaml';
/** From the root of the repository. */
const WORKFLOW = '.github/workflows/tablefull.yaml';

export interface InitOptions {
  readonly from?: string;
  readonly param: Readonly<Record<string, string>>;
  readonly ci?: (typeof CI_SYSTEMS)[number];
}

/**
 * `init [FILE]`: writes a runnable scenario in the format of the file's ending; with `--from`, the whole
 * protocol of another scenario.
 *
 * @returns the exit code
 */
export async function initVerb(
  named: string | undefined,
  { from, param, ci }: InitOptions,
  io: Io,
  context: () => Promise<VerbContext>,
): Promise<number> {
  if (ci !== undefined) return initCi(named ?? STANDARD_SUITE, io);
  const file = named ?? STANDARD;
  const ending = extname(file);
  if (!SCENARIO_ENDINGS.includes(ending))
    throw new UsageError(`${file}: use a name that ends in ${SCENARIO_ENDINGS.join(', ')}`);
  if (from === undefined) {
    if (Object.keys(param).length > 0) throw new UsageError('--param: name the scenario with --from');
    await write(file, ending.startsWith('.y') ? yamlTemplate(schemaSeenFrom(file)) : TS_TEMPLATE, io);
  } else {
    if (!YAML_ENDINGS.includes(ending))
      throw new UsageError(`${file}: --from writes YAML; use a name that ends in .yaml`);
    await write(file, wholeProtocol(from, param, file, await context()), io);
  }
  return EXIT.ok;
}

/** `init --ci github`: writes a suite and a workflow that runs it, or neither. @returns the exit code */
async function initCi(suite: string, io: Io): Promise<number> {
  if (!YAML_ENDINGS.includes(extname(suite)))
    throw new UsageError(`${suite}: --ci writes a suite in YAML; use a name that ends in .yaml`);
  if (/[^\w./-]/.test(suite))
    throw new UsageError(`${suite}: use letters, digits, dots, dashes and slashes in the name of a suite`);
  const root = repositoryOf(suite);
  const workflow = relative('.', join(root, WORKFLOW));
  const files = [
    [suite, SUITE_TEMPLATE],
    [workflow, githubWorkflow(io.ownVersion, relative(root, resolve(suite)))],
  ] as const;
  for (const [file] of files)
    if (existsSync(file)) throw new UsageError(`${file} already exists; remove it first`);
  using written = new DisposableStack();
  for (const [file, text] of files) {
    try {
      makeFolder(dirname(resolve(file)));
    } catch (error) {
      throw new Unavailable(`can't create the folder of ${file}: ${explain(error)}; name another file`, {
        cause: error,
      });
    }
    await writeNew(file, text);
    written.defer(() => {
      rmSync(file);
    });
  }
  // Both are there: nothing is to be undone.
  written.move();
  print(io, `wrote ${suite} and ${workflow}; run the suite: \`tablefull test ${suite}\``);
  return EXIT.ok;
}

/** The root of the repository that a file is in; its folder where it is in none. */
function repositoryOf(file: string): string {
  const folder = dirname(resolve(file));
  for (let root = folder; root !== dirname(root); root = dirname(root))
    if (existsSync(join(root, '.git'))) return root;
  return folder;
}

/** The protocol of a scenario on this machine, as YAML. */
function wholeProtocol(
  from: string,
  param: Readonly<Record<string, string>>,
  file: string,
  context: VerbContext,
): string {
  const name = basename(file).replace(/\.ya?ml$/, '');
  if (!scenarioNameSchema.safeParse(name).success)
    throw new UsageError(
      `${file}: its name becomes the scenario’s: use lower case letters, digits and dashes, such as mine.yaml`,
    );
  const scenario = context.scenarios.find((each) => each.name === from);
  if (scenario === undefined) {
    const names = context.scenarios.map((each) => each.name);
    throw new UsageError(`--from ${from}: unknown scenario; ${suggestion(from, names)}`);
  }
  const environment = environmentOf(labFor(undefined, context).squeeze, context);
  return usage(() => {
    const protocol = scenario.protocol(param, environment);
    if (protocol.skip !== undefined)
      say(context, `${from} can’t run on this machine, and ${file} says so in \`skip\`: ${protocol.skip}`);
    const given = Object.entries(param).map(([key, value]) => ` --param ${key}=${value}`);
    return writtenScenario({
      name,
      summary: scenario.summary,
      from: `${from}${given.join('')}`,
      protocol,
      environment,
      folder: dirname(resolve(file)),
      schema: schemaSeenFrom(file),
    });
  });
}

async function write(file: string, text: string, io: Io): Promise<void> {
  await writeNew(file, text);
  const path = shellWord(file.includes('/') ? file : `./${file}`);
  print(io, `wrote ${file}; check it: \`tablefull validate ${path}\`; run it: \`tablefull run ${path}\``);
}

/** @throws UsageError where the name is taken or has no folder; Unavailable where it may not be written */
async function writeNew(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`${file} exists already; use another name`, { cause: error });
    const [Reason, fix] =
      code === 'ENOENT'
        ? ([UsageError, 'create its folder first'] as const)
        : ([Unavailable, 'name a file in a folder that you may write'] as const);
    throw new Reason(`can't write ${file}: ${explain(error)}; ${fix}`, { cause: error });
  });
}

/** The path from the file's folder to this package's schema, for editors. */
function schemaSeenFrom(file: string): string {
  const root = dirname(findPackageJSON('../..', import.meta.url) ?? '');
  const path = relative(dirname(resolve(file)), join(root, 'schemas/scenario.schema.json'));
  return encodeURI(path.startsWith('.') ? path : `./${path}`);
}
