import { EVERY_NODE } from '../../change/define.ts';
import { MOST_TIMES } from '../../change/kinds/buckets.ts';
import { setsMaximum } from '../../change/squeezes.ts';
import { ENTRIES_A_BUCKET, roundedBuckets } from '../../kernel/sizing.ts';
import { BUCKETS, MAX } from '../../kernel/table-names.ts';
import { ROOT } from '../../remedy/requirement.ts';
import { inTimeOf } from '../../remedy/shorter-timeouts.ts';
import { squeezesIn } from '../../schema/protocol.ts';
import { defineEffect, setting, type Target, type Translated } from '../effect.ts';

/** A sysctl of every node. */
export const sysctl = defineEffect<{ readonly name: string; readonly value: number }>({
  changes: ({ name, value }, target) => {
    if (name === MAX) return maximum(value, target);
    if (name === BUCKETS) return buckets(value, target);
    if (!target.kernel.isOfNamespace(name))
      return { why: 'no node of a lab has its own: it is the whole machine’s, or an interface’s' };
    const scaled = inTimeOf(target.protocol, name, value);
    const how = scaled === value ? '' : ` (${String(value)} in the scenario’s shortened time)`;
    const change = { kind: 'sysctl', node: EVERY_NODE, name, value: scaled } as const;
    return setting([change], `${name}=${String(scaled)}`, ' ', `on every node${how}`);
  },
  writes: ({ name }) => name,
  isOfMachine: ({ name }) => name === MAX || name === BUCKETS,
  needs: ({ name }) => (name === BUCKETS ? ROOT : undefined),
});

/** A node can't write the maximum: it is the machine's. Lowering it would harm others than the lab. */
function maximum(value: number, target: Target): Translated {
  const limit = target.measured?.limit ?? squeezedTo(target) ?? Number(target.kernel.readSysctl(MAX));
  const said = `nf_conntrack_max is ${String(limit)}`;
  if (value < limit) return { why: `${said} here already, and a lab does not lower it` };
  if (value === limit) return { changes: [], means: `${said} here already: nothing changes` };
  const change = { kind: 'limit', add: value - limit } as const;
  return setting([change], `nf_conntrack_max=${String(value)}`, ', ', `instead of ${String(limit)}`);
}

function buckets(value: number, target: Target): Translated {
  const squeezed = target.lab.squeeze === 'sysctl' ? squeezedTo(target) : undefined;
  const now =
    squeezed === undefined
      ? Number(target.kernel.readSysctl(BUCKETS))
      : roundedBuckets(squeezed / ENTRIES_A_BUCKET);
  const said = `nf_conntrack_buckets is ${String(now)}`;
  if (value === now) return { changes: [], means: `${said} here already: nothing changes` };
  const times = value / now;
  if (times <= 0 || times > MOST_TIMES)
    return { why: `${said} here, and a lab makes it at most ${String(MOST_TIMES)} times as many, and not 0` };
  const change = { kind: 'buckets', times } as const;
  return setting([change], `nf_conntrack_buckets=${String(value)}`, ', ', `instead of ${String(now)}`);
}

/** The maximum that the scenario's squeeze sets; undefined where it takes room by ballast, or not at all. */
function squeezedTo({ lab, protocol }: Target): number | undefined {
  return setsMaximum(lab.squeeze) ? squeezesIn(protocol)[0]?.free : undefined;
}
