#!/usr/bin/env node
<<<<<<< HEAD
import { setTimeout as delay } from 'node:timers/promises';
import { SCENARIOS } from '../../scenarios/index.ts';
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
=======
import { LEAST_OPEN_FILES, tooFewOpenFiles } from '../base/open-files.ts';
>>>>>>> w-robust

// Before anything else is loaded: libraries crash, some of them natively, where they can't open a file.
const why = tooFewOpenFiles(LEAST_OPEN_FILES);
if (why === undefined) await import('./start.ts');
else {
  process.stderr.write(`tablefull: ${why}\n`);
  // As in exit-codes.ts: this machine can't.
  process.exitCode = 2;
}
