import { z } from 'zod';
import type { LoadContext } from '../load/context.ts';
import type { OwnProgram } from '../load/own/program.ts';
import { ownBase, ownSchema, type Own } from '../load/own/schema.ts';
import { explainIssue, problemsFrom } from './explain-issue.ts';

const base = z.object(ownBase);
const READABLE = { error: explainIssue };

/** A load as its program gets it: where, how much, and its settings. */
export type OwnLoad<S extends z.ZodObject> = z.output<typeof base> & z.output<S>;

/** What a module declares of its load. */
export interface LoadDefinition<S extends z.ZodObject> {
  /** `import.meta.url`: the agents of a lab are other processes, and import the module by it. */
  readonly module: string;
  readonly name: string;
  /** What it counts, as figures name it: `connections` for `connections.failed.rate`. */
  readonly unit: string;
  /** Its settings beside `pods`, `service`, `operations` and `seconds`. `seconds()` reads durations. */
  readonly schema: S;
  /** The meaning of each figure that `context.measured` gets from it as `own.NAME`. */
  readonly figures?: Readonly<Record<string, string>>;
  /** Offers the load once, in a lab. Resolves when the last operation has ended. */
  readonly run: (load: OwnLoad<S>, context: LoadContext) => Promise<void>;
}

/** Makes a load for a scenario's `demand` or `background`. */
export interface LoadMaker<S extends z.ZodObject> {
  (given: z.input<typeof base> & z.input<S>): Own;
  readonly program: OwnProgram;
}

/**
 * Declares a load outside this package. It is the default export of its module, and works in the embedded lab.
 *
 * @example
 * export default defineLoad({ module: import.meta.url, name: 'refused', unit: 'connections', schema, run });
 * @throws Error from what it returns, where a setting is wrong
 */
export function defineLoad<S extends z.ZodObject>(definition: LoadDefinition<S>): LoadMaker<S> {
  const { module, name, unit, schema, figures = {}, run } = definition;
  const make = (given: z.input<typeof base> & z.input<S>): Own => {
    const { pods, service, operations, seconds, ...settings } = given;
    const where = { pods, service, operations, seconds };
    accepted(name, schema.safeParse(settings, READABLE));
    const load = { kind: 'own', name, module, unit, figures, ...where, settings };
    return accepted(name, ownSchema.safeParse(load, READABLE));
  };
  // The program gets what its own schema has parsed.
  return Object.assign(make, { program: { schema, run: run as OwnProgram['run'] } });
}

/** @throws Error with the first problem of what a load was given */
function accepted<T>(load: string, result: z.ZodSafeParseResult<T>): T {
  if (result.success) return result.data;
  const [problem] = problemsFrom(result.error);
  throw new Error(`load ${load}: ${problem?.place ?? ''}: ${problem?.why ?? result.error.message}`);
}
