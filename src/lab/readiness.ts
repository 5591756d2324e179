import { release } from 'node:os';
import type { Squeeze } from '../change/squeezes.ts';
import { mayChangeLimit } from '../guard/sysctls.ts';
import { readSysctl } from '../kernel/sysctl.ts';
import type { Readiness } from './entry.ts';
import { lookAtStrain, warningOf } from './strain.ts';

/**
 * What a run finds on this machine.
 *
 * @param lab as its readers know it
 * @throws Error with the fix, where the squeeze needs root
 */
export async function readinessOf(lab: string, squeeze: Squeeze): Promise<Readiness> {
  const privileged = mayChangeLimit();
  if (squeeze === 'sysctl' && !privileged)
    throw new Error(
      '--squeeze sysctl changes the limit of the whole machine, which needs root: run with sudo, or use --squeeze ballast',
    );
  const table = ['max', 'buckets']
    .map((name) => `nf_conntrack_${name} ${readSysctl(`net.netfilter.nf_conntrack_${name}`)}`)
    .join(', ');
  const warning = warningOf(await lookAtStrain());
  return {
    privileged,
    ...(warning !== undefined && { warning }),
    summary: `lab ${lab}, ${privileged ? 'root' : 'without root'}, kernel ${release()}, ${table}, squeeze ${squeeze}`,
  };
}
