import { defineChange } from '../define.ts';
import { kubeProxySettingsSchema } from '../kube-proxy-settings.ts';

export const kubeProxy = defineChange({
  kind: 'kube-proxy',
  doc: 'Puts settings into the configuration of the cluster’s own kube-proxy, and restarts it. No settings: a restart.',
  fields: {
    set: kubeProxySettingsSchema.describe('A part of a KubeProxyConfiguration, by its own names.'),
  },
  cluster: 'it is kube-proxy’s own configuration',
  api: 'made',
  apply: ({ set }, { own }) => {
    if (own.kubeProxy === undefined) throw new Error('this lab has no kube-proxy of its own to change');
    return own.kubeProxy(set);
  },
});
