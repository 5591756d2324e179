/** The stages of a run’s cycles, in order. The last three are a remedy’s. */
export const STAGES = ['baseline', 'fault', 'confirm', 'live', 'fresh'] as const;
export type Stage = (typeof STAGES)[number];

const OLD: Readonly<Record<string, Stage>> = {
  'seen-again': 'confirm',
  'in-flight': 'live',
  refilled: 'fresh',
};

/** Today's name of a stage, which files of 0.1.0 have under another. */
export function stageName(name: string): string {
  return OLD[name] ?? name;
}
