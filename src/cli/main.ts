#!/usr/bin/env node
import { LEAST_OPEN_FILES, tooFewOpenFiles } from '../util/open-files.ts';

// Before anything else is loaded: libraries crash, some of them natively, where they can't open a file.
const why = tooFewOpenFiles(LEAST_OPEN_FILES);
if (why === undefined) await import('./start.ts');
else {
  process.stderr.write(`tablefull: ${why}\n`);
  // As in exit-codes.ts: this machine can't.
  process.exitCode = 2;
}
