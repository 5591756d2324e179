import { defineLoad } from '../define-load.ts';
import { settingsSchema } from './schema.ts';

/** No traffic. */
export const settings = defineLoad(settingsSchema, {
  unit: 'settings',
  planned: ({ sysctls }) => Object.keys(sysctls).length,
  seconds: () => 0,
  runs: ({ program }, found) => (found.includes(program) ? undefined : `the program ${program}`),
  lab: ({ kubeProxy }) =>
    kubeProxy === 'running'
      ? undefined
      : {
          cluster: false,
          why: 'a scenario’s own kube-proxy is not supported on --lab kind, where one runs on each node',
        },
  runner: () => import('./run.ts'),
});
