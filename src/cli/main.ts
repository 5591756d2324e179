#!/usr/bin/env node
import { LEAST_OPEN_FILES, tooFewOpenFiles } from '../util/open-files.ts';
import { printableText } from '../util/printable.ts';
import { EXIT } from './exit-codes.ts';
import { useCompileCache } from './compile-cache.ts';

// A mistake of ours must not look like a verdict: Node's own exit code for it is 1. What outlives us is the guard's.
process.on('uncaughtException', (error) => {
  process.stderr.write(`tablefull: unexpected: ${printableText(error.stack ?? error.message)}\n`);
  process.exit(EXIT.environment);
});

// Before anything else is loaded: libraries crash, some of them natively, where they can't open a file.
const why = tooFewOpenFiles(LEAST_OPEN_FILES);
if (why === undefined) {
  // Before all else is loaded, or it is compiled every time.
  useCompileCache(process.env);
  const { program } = await import('./program.ts');
  await program();
} else {
  process.stderr.write(`tablefull: ${why}\n`);
  process.exitCode = EXIT.environment;
}
