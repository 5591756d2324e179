import { z } from 'zod';
import { defineChange } from '../define.ts';
import { restorable } from '../restorable.ts';
import { sysctlName } from '../../util/sysctl-name.ts';
import { sysctlSite } from '../sysctl-site.ts';

export const sysctl = defineChange({
  kind: 'sysctl',
  doc: 'Sets a sysctl in the network namespace of one node, or of all.',
  fields: {
    node: z.string().describe('A node of the topology, or `all`.'),
    name: sysctlName.describe('The name, as in sysctl(8): `net.netfilter.nf_conntrack_tcp_be_liberal`.'),
    value: z.number().int().describe('The new value.'),
  },
  sysctls: ({ name, value }) => ({ [name]: value }),
  apply: ({ node, name, value }, target) =>
    restorable(target.nodes(node).map((host) => sysctlSite(host, name, String(value)))),
});
