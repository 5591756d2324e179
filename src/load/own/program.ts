import { z } from 'zod';
import { importOwn } from '../../util/own-module.ts';
import type { LoadContext } from '../context.ts';
import type { Own } from './schema.ts';

/** What `defineLoad` leaves on the default export of a module. */
export interface OwnProgram {
  readonly schema: z.ZodType<object>;
  readonly run: (load: object, context: LoadContext) => Promise<void>;
}

const exportedSchema = z.object({
  default: z.custom<{ readonly program: OwnProgram }>(
    (value) => typeof value === 'function' && 'program' in value,
  ),
});

/**
 * Imports the program of a load of one's own into this process.
 *
 * @throws Error where the module can't be imported, or exports no load
 */
export async function programAt(module: string): Promise<{ readonly run: Run }> {
  const exported = exportedSchema.safeParse(await importOwn(module));
  if (!exported.success) throw new Error(`${module}: export default defineLoad({ … }) is missing`);
  const { schema, run } = exported.data.default.program;
  return {
    run: async ({ pods, service, operations, seconds, settings, figures }, context) => {
      const measured = (given: Readonly<Record<string, number>>): void => {
        context.measured(prefixed(given, figures));
      };
      await run({ ...schema.parse(settings), pods, service, operations, seconds }, { ...context, measured });
    },
  };
}

/** @throws Error naming a figure that the load does not declare */
function prefixed(given: Readonly<Record<string, number>>, declared: Own['figures']) {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (!(name in declared)) throw new Error(`${name} is measured but not declared; add it to figures`);
      return [`own.${name}`, value];
    }),
  );
}

type Run = (load: Own, context: LoadContext) => Promise<void>;
