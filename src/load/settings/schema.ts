import { z } from 'zod';
import { sysctlName } from '../../util/sysctl-name.ts';

export const settingsSchema = z
  .strictObject({
    kind: z.literal('settings'),
    node: z.string().describe('The node to configure.'),
    sysctls: z.record(sysctlName, z.number().int().positive()).describe('The value of each sysctl.'),
    maximum: z
      .enum(['machine', 'stand-in'])
      .default('machine')
      .describe(
        'Which nf_conntrack_max kube-proxy finds: the machine’s, or a file in its place that kube-proxy alone sees.',
      ),
    program: z.string().describe('The path of kube-proxy’s program.'),
    kubeProxy: z
      .enum(['before', 'after', 'running'])
      .default('before')
      .describe(
        'Whether kube-proxy starts before the settings are made, or after; or runs already, as in a cluster.',
      ),
    config: z
      .enum(['defaults', 'wished', 'untouched'])
      .default('defaults')
      .describe(
        'What the section `conntrack` of kube-proxy’s configuration says about these settings: nothing, their values, or to leave them alone.',
      ),
    configFile: z
      .string()
      .startsWith('/')
      .optional()
      .describe(
        'A KubeProxyConfiguration in the lab, whose section `conntrack` counts in place of `config`. While it is missing, `config` counts.',
      ),
  })
  .describe('sysctls of a node, written as at boot and read back once kube-proxy runs');

export type Settings = z.infer<typeof settingsSchema>;
