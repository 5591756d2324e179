/**
 * Writes a new scenario, remedy or load: its files, its line in the list of its kind, its page, its test, and the
 * generated pages.
 *
 * Usage: npm run new -- scenario|remedy|load NAME
 */
import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { EXIT } from '../src/cli/exit-codes.ts';
import { KINDS, type KindName } from './new/kinds.ts';
import { Refused, scaffold } from './new/scaffold.ts';

const ROOT = resolve(import.meta.dirname, '..');

const program = new Command('npm run new --')
  .description('writes a new scenario, remedy or load, registered, with its page and test')
  .addArgument(
    new Argument('<kind>', 'what to write').choices(Object.keys(KINDS) as [KindName, ...KindName[]]),
  )
  .argument('<name>', 'its name: lower case letters, digits and dashes')
  .option('--into <folder>', 'another checkout of this repository', ROOT)
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  })
  .action(async (kind: KindName, name: string, { into }: { into: string }) => {
    const { written, next } = await scaffold(KINDS[kind], name, resolve(process.env.INIT_CWD ?? '.', into));
    for (const path of written) console.log(path);
    console.error(next.join('\n'));
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(`npm run new: ${error.message}`);
  process.exitCode = EXIT.usage;
}
