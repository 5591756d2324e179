export const REMEDY_STATUSES = [
  'cured',
  'postponed',
  'reduced',
  'delayed',
  'no-effect',
  'worse',
  'inconclusive',
  'skipped',
] as const;

export type RemedyStatus = (typeof REMEDY_STATUSES)[number];
