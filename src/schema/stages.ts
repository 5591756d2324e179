/** The stages of a run’s cycles, in order. The last three are a remedy’s. */
export const STAGES = ['baseline', 'fault', 'confirm', 'live', 'fresh'] as const;
export type Stage = (typeof STAGES)[number];
