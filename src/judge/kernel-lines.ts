import type { Run } from '../history/run.ts';

/** Since 6.17 the kernel's line names the network namespace whose table is full, by its inode. */
const NAMED = /\bin netns (\d+)\b/;

/** Said with lines that can't be told. */
export const UNATTRIBUTED = 'these name no network namespace of this run: they may be another run’s';

/** The kernel's lines about conntrack during a run. */
export interface KernelLines {
  /** Those that name a namespace of the run's own nodes. */
  readonly lines: string[];
  /** Those that may be another run's: the kernel's log is the whole machine's, and they name no namespace. */
  readonly unattributed: string[];
}

/** Of these lines of the kernel's log the ones that may be evidence for this run: a neighbour's are left out. */
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
