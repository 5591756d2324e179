import { setTimeout as delay } from 'node:timers/promises';
import { SCENARIOS } from '../../scenarios/index.ts';
import { mayChangeLimit } from '../guard/sysctls.ts';
import type { RestoreReport } from '../guard/restore.ts';
import { KernelLog } from '../kernel/kmsg.ts';
import { LABS } from '../lab/index.ts';
import { REMEDIES } from '../remedy/index.ts';
import { oneLine } from '../run/stops.ts';
import type { Io, World } from './world.ts';

/** This machine, with all that comes with tablefull. What only a run needs is loaded by the run. */
export function realWorld(io: Io): World {
  return {
    ...io,
    labs: LABS,
    scenarios: SCENARIOS,
    remedies: REMEDIES,
    mayChangeLimit,
    restoreLeftovers: restoreAll,
    openKernelLog: () => KernelLog.open(),
    pause: (ms, signal) => delay(ms, undefined, { signal }),
    versions: async () => {
      const { versions } = await import('../toolchain/versions.ts');
      return versions();
    },
  };
}

/** What runs that were killed have left on this machine, and of clusters. */
async function restoreAll(signal: AbortSignal): Promise<RestoreReport> {
  const { restoreLeftovers } = await import('../guard/leftovers.ts');
  const { restoreReport } = await import('../guard/restore.ts');
  const { restored, left } = await restoreLeftovers({ signal });
  for (const { name, kept } of LABS) {
    await kept?.deleteOrphans().then(
      (lines) => restored.push(...lines),
      (error: unknown) => left.push(`what killed runs have left of the lab ${name}: ${oneLine(error)}`),
    );
  }
  return restoreReport(restored, left);
}
