/** Place of a forged segment relative to the receive window; `reset`: an RST of old data; `fin`: a FIN above it. */
export const SEGMENTS = ['none', 'below', 'above', 'inside', 'reset', 'fin'] as const;
export type Segment = (typeof SEGMENTS)[number];
