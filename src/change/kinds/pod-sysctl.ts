import { z } from 'zod';
import { defineChange } from '../define.ts';
import { restorable } from '../restorable.ts';
import { sysctlSite } from '../sysctl-site.ts';

export const podSysctl = defineChange({
  kind: 'pod-sysctl',
  doc: 'Sets a sysctl in the network namespace of each pod of a set, as `securityContext.sysctls` of a pod’s spec does.',
  fields: {
    pods: z.string().describe('A set of `topology.pods`.'),
    name: z
      .string()
      .regex(/^net\.[a-z0-9_.-]+$/i, 'a pod’s own sysctls are those below net')
      .describe('As sysctl(8) has it: `net.ipv4.ip_local_port_range`.'),
    value: z.string().describe('What it is set to, as text.'),
  },
  nodes: ({ pods }, { ofPods }) => ofPods(pods),
  apply: ({ pods, name, value }, target) =>
    restorable(target.pods(pods).map((host) => sysctlSite(host, name, value))),
});
