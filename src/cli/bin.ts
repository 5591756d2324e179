#!/usr/bin/env node
/**
 * The installed `tablefull` command. It needs Node 24: an older Node runs the one that npm installed beside it
 * (`npm install node@24`), or says what is missing. Node 20 must be able to parse this file.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
/** See src/cli/exit-codes.ts, which an older Node does not read. */
const ENVIRONMENT = 2;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

if (Number.parseInt(process.versions.node, 10) >= NEEDED) {
  await import('./main.ts');
} else {
  const node = nodeBeside();
  if (node === undefined) {
    const { version } = process;
    console.error(
      `tablefull: needs Node ${String(NEEDED)} or later, this is ${version}; install it, or add one beside tablefull: npm install node@${String(NEEDED)}`,
    );
    process.exitCode = ENVIRONMENT;
  } else run(node);
}

/** The program of the npm package `node`; undefined where it is not installed. */
function nodeBeside(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('node/bin/node');
  } catch {
    return undefined;
  }
}

function run(node: string): void {
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code ?? ENVIRONMENT;
  });
}
