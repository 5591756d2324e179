import { defineLoad } from '../define-load.ts';
import { settingsSchema } from './schema.ts';

/** No traffic. */
export const settings = defineLoad(settingsSchema, {
  unit: 'settings',
  planned: ({ sysctls }) => Object.keys(sysctls).length,
  seconds: () => 0,
  lab: ({ kubeProxy }) =>
    kubeProxy === 'running'
      ? undefined
      : {
          cluster: false,
          why: 'a kube-proxy of the scenario’s own has no place in the lab kind, where one runs on each node',
        },
  runner: () => import('./run.ts'),
});
