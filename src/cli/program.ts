import { ownVersion } from '../util/own-version.ts';
import { explain } from '../util/explain.ts';
import { printableText } from '../util/printable.ts';
import { cli } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { SAME_MS } from './signals.ts';

/** Exit codes from here on tell of a signal. */
const SIGNALLED = 128;

/** The command `tablefull`, in this process. */
export async function program(): Promise<void> {
  // nft and ip are there, and many users' PATH does not lead to them.
  process.env.PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

  // A mistake of ours must not look like a verdict: Node's own exit code for it is 1. What outlives us is the guard's.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`tablefull: unexpected: ${printableText(error.stack ?? error.message)}\n`);
    process.exit(EXIT.environment);
  });

  // Whoever reads our output may stop (`| head`); the run goes on, for it has things to restore.
  let warned = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'EIO') return;
      process.exitCode = EXIT.environment;
      if (stream === process.stderr || warned) return;
      warned = true;
      process.stderr.write(
        `tablefull: can’t write to the standard output: ${explain(error)}; what it was to say is lost\n`,
      );
    });
  }

  const { stdout, stderr, env } = process;
  const io = { stdout, stderr, env, signals: process, ownVersion: ownVersion() };
  const code = await cli(process.argv.slice(2), io, async () => {
    const { realWorld } = await import('./real-world.ts');
    return realWorld(io);
  });
  process.exitCode = Math.max(code, Number(process.exitCode ?? 0));

  // All is said and restored: what still keeps the process alive is a lab that would not go.
  const end = setTimeout(() => {
    process.exit();
  }, SAME_MS);
  // On its way out Node gives signals their own effect back: an interrupted run stays until a second delivery is past.
  if (code < SIGNALLED) end.unref();
}
