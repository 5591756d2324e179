export const SQUEEZES = ['ballast', 'sysctl', 'netns-sysctl', 'none'] as const;
/** How a table is made small; see docs/explanation/architecture.md. */
export type Squeeze = (typeof SQUEEZES)[number];
