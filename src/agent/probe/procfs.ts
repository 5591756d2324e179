import { countField, readProcfs } from '../../kernel/procfs-entries.ts';
import type { Probe } from './probe.ts';

/** Protocol number and state; only some protocols have a state. */
const FIELDS = [4, 6] as const;

/**
 * Counts of /proc/net/nf_conntrack by field: `procfs.$4.6` (lines whose field 4 is `6`),
 * `procfs.$6.TIME_WAIT`. Addresses, which fill field 6 where there is no state, count as `src=`. Only in the
 * baseline, before any ballast.
 */
export const procfs: Probe = {
  inspect: ({ node, nodes, namespace, inspected }, stage) => {
    if (!inspected.includes('procfs') || stage !== 'baseline' || !nodes.includes(node)) return {};
    const text = readProcfs(namespace(node));
    if (text === undefined) return {};
    const short = text.replaceAll(/\bsrc=\S+/g, 'src=');
    return Object.fromEntries(
      FIELDS.flatMap((field) =>
        [...countField(short, field)].map(([value, count]) => [`procfs.$${String(field)}.${value}`, count]),
      ),
    );
  },
};
