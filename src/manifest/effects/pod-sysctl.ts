import { defineEffect, setting } from '../effect.ts';

/** A sysctl of the manifest's own pods: the demand's pods take their place. */
export const podSysctl = defineEffect<{ readonly name: string; readonly value: string }>({
  changes: ({ name, value }, { protocol }) => {
    const load = protocol.background[protocol.client] ?? protocol.demand;
    if (!('pods' in load)) return { why: 'this scenario’s demand has no pods' };
    const change = { kind: 'pod-sysctl', pods: load.pods, name, value } as const;
    return setting([change], `${name}=${value}`, ' ', `in each pod of ${load.pods}`);
  },
});
