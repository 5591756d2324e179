#!/usr/bin/env node
/**
 * The installed `tablefull` command. Whoever starts it may have an older Node than it needs; the right one comes
 * with the package, so that one runs it then. Node 20 must be able to read this file.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

if (Number.parseInt(process.versions.node, 10) >= NEEDED) {
  await import('./main.ts');
} else {
  const node = createRequire(import.meta.url).resolve('node/bin/node');
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code ?? 2;
  });
}
