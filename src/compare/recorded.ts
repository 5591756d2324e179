import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HISTORY_FILE, VERDICT_FILE } from '../history/store.ts';
import { MATRIX_FILE } from '../matrix/read.ts';
import { outcomeSchema } from '../schema/outcome.ts';
import { SUITE_FILE } from '../suite/read.ts';
import { jsonIfThere } from '../util/read-if-there.ts';

/** One folder of results. */
export interface Recorded {
  readonly folder: string;
  readonly kind: 'run' | 'suite' | 'matrix' | 'repeats';
  /** The scenario, the suite file, or `matrix`. */
  readonly name: string;
  /** Absent: it was killed, is under way, or can't be read. */
  readonly headline?: string;
  readonly summary?: string;
  readonly seconds?: number;
  /** ms. When its folder was last changed. */
  readonly at: number;
}

const said = { outcome: outcomeSchema.optional(), seconds: z.number() };
/** Of each format the little that a list shows, so that it lists those of other versions too. */
const runSchema = z.looseObject({ scenario: z.string(), ...said });
const suiteSchema = z.looseObject({ file: z.string(), ...said });
const matrixSchema = z.looseObject(said);

/** The folders of results in a folder, the newest first. @throws Error where it can't be read */
export function recordedIn(folder: string): readonly Recorded[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => recordedAt(join(folder, name)) ?? [])
    .toSorted((a, b) => b.at - a.at);
}

/** Undefined where the folder has no results. */
function recordedAt(folder: string): Recorded | undefined {
  const has = (name: string): boolean => existsSync(join(folder, name));
  const at = statSync(folder).mtimeMs;
  if (has(SUITE_FILE)) {
    const suite = jsonIfThere(join(folder, SUITE_FILE), suiteSchema);
    return { folder, kind: 'suite', name: suite?.file ?? '', at, ...outcomeOf(suite) };
  }
  if (has(MATRIX_FILE)) {
    const matrix = jsonIfThere(join(folder, MATRIX_FILE), matrixSchema);
    return { folder, kind: 'matrix', name: 'matrix', at, ...outcomeOf(matrix) };
  }
  if (has(HISTORY_FILE)) {
    const run = jsonIfThere(join(folder, VERDICT_FILE), runSchema);
    return { folder, kind: 'run', name: run?.scenario ?? '', at, ...outcomeOf(run) };
  }
  const repeats = readdirSync(folder).filter((name) => /^\d+$/.test(name));
  for (const name of repeats) {
    const one = recordedAt(join(folder, name));
    if (one !== undefined)
      return { folder, kind: 'repeats', name: `${one.name} × ${String(repeats.length)}`, at };
  }
  return undefined;
}

function outcomeOf(document: z.infer<typeof matrixSchema> | undefined): Partial<Recorded> {
  if (document === undefined) return {};
  const { outcome, seconds } = document;
  return { seconds, ...(outcome && { headline: outcome.headline, summary: outcome.summary }) };
}
