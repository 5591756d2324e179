/** Where the segment lies that a boom-server forges, seen from the receive window; `reset`: an RST of old data. */
export const SEGMENTS = ['none', 'below', 'above', 'inside', 'reset'] as const;
export type Segment = (typeof SEGMENTS)[number];
