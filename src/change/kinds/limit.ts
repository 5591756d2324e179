import { z } from 'zod';
import { kernelInt } from '../../util/bounds.ts';
import { defineChange, onlyOf } from '../define.ts';

export const limit = defineChange({
  kind: 'limit',
  doc:
    'Raises `nf_conntrack_max`. The maximum is global on most kernels, so only root can raise it; without root the lab ' +
    'deletes as many ballast entries, and the verdict says `emulated`.',
  fields: {
    add: kernelInt.describe('Number of entries to add.'),
    emulated: z
      .literal(true)
      .optional()
      .describe('Delete ballast even where the machine’s own maximum could be raised.'),
  },
  nodes: (_, { underTest }) => [underTest],
  onMachine: {
    what: 'maximum',
    when: ({ emulated }, squeeze) => emulated !== true && squeeze !== 'netns-sysctl',
    apply: ({ add }, machine) => machine.raiseMax(add),
  },
  setsLimit: (limit, after) => after === limit,
  emulated: (change) => ({ ...change, emulated: true }),
  apply: ({ add }, { ballasts }) => ballasts.giveBack(add),
});

/** The change, where it raises the maximum. */
export const raiseOf = onlyOf(limit.kind);
