#!/usr/bin/env node
import { EXIT } from './exit-codes.ts';
import { useCompileCache } from './compile-cache.ts';

// A mistake of ours must not look like a verdict: Node's own exit code for it is 1. What outlives us is the guard's.
process.on('uncaughtException', (error) => {
  process.stderr.write(`tablefull: unexpected: ${error.stack ?? error.message}\n`);
  process.exit(EXIT.environment);
});

// Before all else is loaded, or it is compiled every time.
useCompileCache(process.env);
const { program } = await import('./program.ts');
await program();
