export const SQUEEZES = ['ballast', 'sysctl', 'netns-sysctl', 'none'] as const;
/** How free entries are taken from a table; see docs/explanation/architecture.md. */
export type Squeeze = (typeof SQUEEZES)[number];

/** Whether a squeeze sets nf_conntrack_max; the others take room in the table. */
export function setsMaximum(squeeze: Squeeze): boolean {
  return squeeze === 'sysctl' || squeeze === 'netns-sysctl';
}
