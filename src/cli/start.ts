/** The command line in this world: main.ts loads it once it knows that it can be loaded. */
import { setTimeout as delay } from 'node:timers/promises';
import { SCENARIOS } from '../../scenarios/index.ts';
import { explain } from '../util/explain.ts';
import { printableText } from '../util/printable.ts';
import { restoreLeftovers } from '../guard/leftovers.ts';
import { restoreReport, type RestoreReport } from '../guard/restore.ts';
import { mayChangeLimit } from '../guard/sysctls.ts';
import { KernelLog } from '../kernel/kmsg.ts';
import { LABS } from '../lab/index.ts';
import { REMEDIES } from '../remedy/index.ts';
import { oneLine } from '../run/stops.ts';
import { ownVersion, versions } from '../run/versions.ts';
import { cli } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { SAME_MS } from './signals.ts';

/** Exit codes from here on tell of a signal. */
const SIGNALLED = 128;

// nft and ip are there, and many users' PATH does not lead to them.
process.env.PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

// Whoever reads our output may stop (`| head`); the run goes on, for it has things to restore.
let complained = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'EIO') return;
    process.exitCode = EXIT.environment;
    if (stream === process.stderr || complained) return;
    complained = true;
    process.stderr.write(
      `tablefull: can’t write to the standard output: ${explain(error)}; what it was to say is lost\n`,
    );
  });
}

// A mistake of ours must not look like a verdict: Node's own exit code for it is 1. What outlives us is the guard's.
process.on('uncaughtException', (error) => {
  process.stderr.write(`tablefull: unexpected: ${printableText(error.stack ?? error.message)}\n`);
  process.exit(EXIT.environment);
});

/** What runs that were killed have left on this machine, and of clusters. */
async function restoreAll(signal: AbortSignal): Promise<RestoreReport> {
  const { restored, left } = await restoreLeftovers({ signal });
  for (const { name, kept } of LABS) {
    await kept?.deleteOrphans().then(
      (lines) => restored.push(...lines),
      (error: unknown) => left.push(`what killed runs have left of the lab ${name}: ${oneLine(error)}`),
    );
  }
  return restoreReport(restored, left);
}

const code = await cli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signals: process,
  labs: LABS,
  scenarios: SCENARIOS,
  remedies: REMEDIES,
  mayChangeLimit,
  restoreLeftovers: restoreAll,
  openKernelLog: () => KernelLog.open(),
  pause: (ms, signal) => delay(ms, undefined, { signal }),
  versions,
  ownVersion: ownVersion(),
});
process.exitCode = Math.max(code, Number(process.exitCode ?? 0));

// All is said and restored: what still keeps the process alive is a lab that would not go.
const end = setTimeout(() => {
  process.exit();
}, SAME_MS);
// On its way out Node gives signals their own effect back: an interrupted run stays until a second delivery is past.
if (code < SIGNALLED) end.unref();
