import { defineChange, onlyByLab } from '../define.ts';
import { kubeProxySettingsSchema } from '../kube-proxy-settings.ts';

export const kubeProxy = defineChange({
  kind: 'kube-proxy',
  doc: 'Changes settings of the cluster’s own kube-proxy and restarts it; without settings, only restarts it.',
  fields: {
    set: kubeProxySettingsSchema.describe('A part of a KubeProxyConfiguration, with its field names.'),
  },
  cluster: 'it changes kube-proxy’s own configuration',
  api: 'made',
  apply: onlyByLab('this lab runs no kube-proxy'),
});
