import { z } from 'zod';
import { defineChange } from '../define.ts';
import { restorable } from '../restorable.ts';
import { sysctlName } from '../../util/sysctl-name.ts';
import { sysctlSite } from '../sysctl-site.ts';

export const podSysctl = defineChange({
  kind: 'pod-sysctl',
  doc: 'Sets a sysctl in the network namespace of each pod of a set, like `securityContext.sysctls` of a pod’s spec.',
  fields: {
    pods: z.string().describe('A set of `topology.pods`.'),
    name: sysctlName.describe('The name, as in sysctl(8): `net.ipv4.ip_local_port_range`.'),
    value: z.string().describe('The new value, as text.'),
  },
  nodes: ({ pods }, { ofPods }) => ofPods(pods),
  names: ({ pods }) => ({ pods: [pods] }),
  apply: ({ pods, name, value }, target) =>
    restorable(target.pods(pods).map((host) => sysctlSite(host, name, value))),
});
