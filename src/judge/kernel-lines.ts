import type { Run } from '../history/run.ts';

/** Since 6.17 the kernel's line names the network namespace of the full table, by its inode. */
const NAMED = /\bin netns (\d+)\b/;

/** The remark on unattributed lines. */
export const UNATTRIBUTED = 'these name no network namespace of this run: they may be another run’s';

/** The kernel's lines about conntrack during a run. */
export interface KernelLines {
  /** Lines that name a namespace of the run's nodes. */
  readonly lines: string[];
  /** Lines that name no namespace: the kernel's log is the whole machine's. */
  readonly unattributed: string[];
}

/** Sorts lines of the kernel's log; lines about namespaces of other runs are dropped. */
export function kernelLines(lines: readonly string[], run: Run): KernelLines {
  const own = namespacesOf(run);
  const sorted = Map.groupBy(lines, (line) => {
    const named = NAMED.exec(line)?.[1];
    if (named === undefined || own.size === 0) return 'unattributed';
    return own.has(Number(named)) ? 'own' : 'foreign';
  });
  return { lines: sorted.get('own') ?? [], unattributed: sorted.get('unattributed') ?? [] };
}

function namespacesOf(run: Run): ReadonlySet<number> {
  const recorded = run.ofType('namespaces').flatMap(({ nodes }) => Object.values(nodes));
  const measured = run
    .ofType('measured')
    .flatMap(({ figures }) =>
      Object.entries(figures).flatMap(([name, value]) => (/(^|\.)netns$/.test(name) ? [value] : [])),
    );
  return new Set([...recorded, ...measured]);
}
