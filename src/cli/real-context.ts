import { setTimeout as delay } from 'node:timers/promises';
import { SCENARIOS } from '../../scenarios/index.ts';
import { mayChangeLimit } from '../guard/sysctls.ts';
import type { RestoreReport } from '../guard/restore.ts';
import { KernelLog } from '../kernel/kmsg.ts';
import { LABS } from '../lab/index.ts';
import { REMEDIES } from '../remedy/index.ts';
import type { Io, VerbContext } from './verb-context.ts';
import { oneLine } from '../util/error-text.ts';

/**
 * This machine with the built-in labs, scenarios and remedies. Parts that only a run needs are loaded by the
 * run.
 */
export function realContext(io: Io): VerbContext {
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

/** Restores what killed runs left on this machine and in clusters. */
async function restoreAll(signal: AbortSignal): Promise<RestoreReport> {
  const { restoreLeftovers } = await import('../guard/leftovers.ts');
  const { restoreReport } = await import('../guard/restore.ts');
  const { restored, left } = await restoreLeftovers({ signal });
  for (const { name, kept } of LABS) {
    await kept?.deleteOrphans().then(
      (report) => {
        restored.push(...report.restored);
        left.push(...report.left);
      },
      (error: unknown) => {
        left.push(`leftovers of killed runs in the lab ${name}: ${oneLine(error)}`);
      },
    );
  }
  return restoreReport(restored, left);
}
