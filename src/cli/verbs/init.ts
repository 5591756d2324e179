import { writeFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { explain } from '../../util/explain.ts';
import { shellWord } from '../../util/shell-word.ts';
import { SCENARIO_ENDINGS } from '../../scenario/loader.ts';
import { TS_TEMPLATE, yamlTemplate } from '../../scenario/templates.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import { print, type Io } from '../world.ts';

const STANDARD = 'mine.yaml';

/** `init [FILE]`: a scenario that runs, in the form that the file's ending says. @returns the exit code */
export async function initVerb(named: string | undefined, world: Io): Promise<number> {
  const file = named ?? STANDARD;
  const ending = extname(file);
  if (!SCENARIO_ENDINGS.includes(ending))
    throw new UsageError(`${file}: name a file that ends in ${SCENARIO_ENDINGS.join(', ')}`);
  const text = ending.startsWith('.y') ? yamlTemplate(schemaSeenFrom(file)) : TS_TEMPLATE;
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UsageError(
      exists ? `${file} is there already; name another file` : `can't write ${file}: ${explain(error)}`,
      { cause: error },
    );
  });
  const path = shellWord(file.includes('/') ? file : `./${file}`);
  print(world, `wrote ${file}; check it: tablefull validate ${path}; run it: tablefull run ${path}`);
  return EXIT.ok;
}

/** The schema in this package, as a path from the file's folder: an editor finds it as long as both stay. */
function schemaSeenFrom(file: string): string {
  const root = dirname(findPackageJSON('../..', import.meta.url) ?? '');
  const path = relative(dirname(resolve(file)), join(root, 'schemas/scenario.schema.json'));
  return encodeURI(path.startsWith('.') ? path : `./${path}`);
}
