#!/usr/bin/env node
import { LEAST_OPEN_FILES, tooFewOpenFiles } from '../util/open-files.ts';
import { useCompileCache } from './compile-cache.ts';

// First of all: libraries crash, some natively, where they can't open a file.
const why = tooFewOpenFiles(LEAST_OPEN_FILES);
if (why === undefined) {
  // Before other modules are loaded, so that they are cached.
  useCompileCache(process.env);
  const { program } = await import('./program.ts');
  await program();
} else {
  process.stderr.write(`tablefull: ${why}\n`);
  // EXIT.environment, without loading exit-codes.ts.
  process.exitCode = 2;
}
