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

/** `init [FILE]`: writes a runnable scenario in the format of the file's ending. @returns the exit code */
export async function initVerb(named: string | undefined, world: Io): Promise<number> {
  const file = named ?? STANDARD;
  const ending = extname(file);
  if (!SCENARIO_ENDINGS.includes(ending))
    throw new UsageError(`${file}: use a name that ends in ${SCENARIO_ENDINGS.join(', ')}`);
  const text = ending.startsWith('.y') ? yamlTemplate(schemaSeenFrom(file)) : TS_TEMPLATE;
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UsageError(
      exists ? `${file} exists already; use another name` : `can't write ${file}: ${explain(error)}`,
      { cause: error },
    );
  });
  const path = shellWord(file.includes('/') ? file : `./${file}`);
  print(world, `wrote ${file}; check it: tablefull validate ${path}; run it: tablefull run ${path}`);
  return EXIT.ok;
}

/** The path from the file's folder to this package's schema, for editors. */
function schemaSeenFrom(file: string): string {
  const root = dirname(findPackageJSON('../..', import.meta.url) ?? '');
  const path = relative(dirname(resolve(file)), join(root, 'schemas/scenario.schema.json'));
  return encodeURI(path.startsWith('.') ? path : `./${path}`);
}
