export const SQUEEZES = ['ballast', 'sysctl', 'netns-sysctl', 'none'] as const;
/** How free entries are taken from a table; see docs/explanation/architecture.md. */
export type Squeeze = (typeof SQUEEZES)[number];
