import { defineLoad, evenly } from '../define-load.ts';
import { ownSchema, type Own } from './schema.ts';

/** A load from outside this package. */
export const own = defineLoad(ownSchema, {
  // Each names its own: see kindOf.
  unit: 'UNIT',
  ...evenly<Own>(({ operations }) => operations),
  lab: () => ({ cluster: false, why: 'a load of your own is not supported on --lab kind yet' }),
  runs: ({ module }) => `the module ${module}`,
  runner: async ({ module }) => {
    const { programAt } = await import('./program.ts');
    return programAt(module);
  },
});
