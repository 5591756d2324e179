/** Place of a boom-server's forged segment relative to the receive window; `reset`: an RST of old data. */
export const SEGMENTS = ['none', 'below', 'above', 'inside', 'reset'] as const;
export type Segment = (typeof SEGMENTS)[number];
