import { ownVersion } from '../util/own-version.ts';
import { printableText } from '../util/printable.ts';
import { cli } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { callersFolder } from './npm/npm-script.ts';
import { SAME_MS } from './signals.ts';
import { explain } from '../util/error-text.ts';

/** Exit codes above this are signals. */
const SIGNALLED = 128;

/** The command `tablefull`, in this process. */
export async function program(): Promise<void> {
  // Many users' PATH lacks the folders of nft and ip.
  process.env.PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

  const folder = callersFolder(process.env);
  if (folder !== undefined) process.chdir(folder);

  // A bug must not look like a verdict: Node's exit code for it is 1. The guard restores what this process
  // leaves.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`tablefull: unexpected: ${printableText(error.stack ?? error.message)}\n`);
    process.exit(EXIT.environment);
  });

  // A reader may stop (`| head`); the run continues, because it must restore.
  let warned = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'EIO') return;
      process.exitCode = EXIT.environment;
      if (stream === process.stderr || warned) return;
      warned = true;
      process.stderr.write(`tablefull: can’t write to stdout: ${explain(error)}; that output is lost\n`);
    });
  }

  const { stdout, stderr, env } = process;
  const io = { stdout, stderr, env, signals: process, ownVersion: ownVersion() };
  const code = await cli(process.argv.slice(2), io, async () => {
    const { realContext } = await import('./real-context.ts');
    return realContext(io);
  });
  process.exitCode = Math.max(code, Number(process.exitCode ?? 0));

  // Everything is printed and restored; only a lab that failed to close can keep the process alive.
  const end = setTimeout(() => {
    process.exit();
  }, SAME_MS);
  // On exit Node restores the default action of signals: wait until a second delivery has passed.
  if (code < SIGNALLED) end.unref();
}
