import type { Effect } from './effect.ts';

/** A part of a manifest that is understood. */
export interface Part {
  /** `DaemonSet kube-system/tune, init container set`. */
  readonly where: string;
  /** The part itself: `sysctl -w net.core.somaxconn=65535`. */
  readonly what: string;
  readonly effect: Effect;
}

/** A manifest, read without carrying it out. */
export interface Understanding {
  readonly parts: readonly Part[];
  /** What was not understood, a line each: document, path, why. */
  readonly gaps: readonly string[];
  /** What is wrong with it: containers that fail, values that nothing reads. */
  readonly findings: readonly string[];
  /** Whether a cluster gets the object itself; otherwise its parts stand for it there as well. */
  readonly asItIs: boolean;
}

export const NOTHING: Understanding = { parts: [], gaps: [], findings: [], asItIs: true };

/** Several as one. */
export function together(all: readonly Understanding[]): Understanding {
  return {
    parts: all.flatMap(({ parts }) => parts),
    gaps: all.flatMap(({ gaps }) => gaps),
    findings: [...new Set(all.flatMap(({ findings }) => findings))],
    asItIs: all.every(({ asItIs }) => asItIs),
  };
}
