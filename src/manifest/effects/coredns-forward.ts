import { RESOLVING } from '../../remedy/loads.ts';
import { defineEffect } from '../effect.ts';
import { type ChangeOf } from '../../change/index.ts';

/** Options of CoreDNS's plugin `forward`. */
export const corednsForward = defineEffect<ChangeOf<'coredns-forward'>['options']>({
  changes: (options, { lab }) =>
    lab.cluster
      ? {
          changes: [{ kind: 'coredns-forward', options: [...options] }],
          means: 'the same in the run’s CoreDNS',
        }
      : { why: 'this lab’s DNS is not CoreDNS; use --lab kind' },
  needsAlone: () => RESOLVING,
});
