#!/usr/bin/env node
import { LEAST_OPEN_FILES, tooFewOpenFiles } from '../util/open-files.ts';
import { useCompileCache } from './compile-cache.ts';

// Before anything else is loaded: libraries crash, some of them natively, where they can't open a file.
const why = tooFewOpenFiles(LEAST_OPEN_FILES);
if (why === undefined) {
  // Before all else is loaded, or it is compiled every time.
  useCompileCache(process.env);
  const { program } = await import('./program.ts');
  await program();
} else {
  process.stderr.write(`tablefull: ${why}\n`);
  // As in exit-codes.ts: this machine can't.
  process.exitCode = 2;
}
