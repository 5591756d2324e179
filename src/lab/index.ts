import type { LabEntry } from './entry.ts';
import { kindLab } from './kind/entry.ts';
import { netns } from './netns/entry.ts';

/** Every lab; the first is the default. */
export const LABS: readonly [LabEntry, ...LabEntry[]] = [netns, kindLab({ reuse: undefined, settings: {} })];
