import { describe, expect, it } from 'vitest';
import { changeSchema } from '../../../src/change/index.ts';
import { unsound } from '../../../src/scenario/sound.ts';
import { loadSchema } from '../../../src/load/index.ts';
import { protocolSchema } from '../../../src/schema/protocol.ts';
import { PROTOCOL } from '../judge/history-builder.ts';

const MACHINES = 'vm.overcommit_memory';
const MAX = 'net.netfilter.nf_conntrack_max';
const BUCKETS = 'net.netfilter.nf_conntrack_buckets';

describe('a sysctl that is not below net would be the machine’s, and is refused', () => {
  const sysctls = { [MACHINES]: 2 };
  const settings = { kind: 'settings', node: 'worker-1', sysctls, program: '/usr/bin/kube-proxy' };
  it.each([
    ['from the start', protocolSchema.safeParse({ ...PROTOCOL, sysctls })],
    ['on a node', changeSchema.safeParse({ kind: 'sysctl', node: 'all', name: MACHINES, value: 2 })],
    ['in a pod', changeSchema.safeParse({ kind: 'pod-sysctl', pods: 'app', name: MACHINES, value: '2' })],
    ['by a DaemonSet', changeSchema.safeParse({ kind: 'sysctl-daemonset', sysctls })],
    ['as a demand', loadSchema.safeParse(settings)],
  ])('%s', (_, { error }) => {
    const [issue] = error?.issues ?? [];
    const [inner] = issue?.code === 'invalid_key' ? issue.issues : [issue];
    expect(inner?.message).toBe('a node or a pod has only the sysctls below net: net.…');
  });
});

describe('the size of the table is the machine’s, though its name is below net', () => {
  const why = `${MAX} is the whole machine’s, not a node’s; use a change of kind limit`;
  const change = { kind: 'sysctl', node: 'all', name: MAX, value: 5 } as const;
  it.each([
    ['sysctls', `sysctls.${MAX}`, { sysctls: { [MAX]: 5 } }],
    ['prepare', 'prepare.0', { prepare: [change] }],
    ['a scheduled change', 'events.0.change', { events: [{ at: 1, change }] }],
    ['the fault', 'fault.change', { fault: { kind: 'event', at: 1, change } }],
  ])('in %s it is refused', (_, place, part) => {
    expect(unsound(protocolSchema.parse({ ...PROTOCOL, ...part }))).toContainEqual({ place, why });
  });

  it('in a pod, and for buckets, too', () => {
    const prepare = [{ kind: 'pod-sysctl', pods: 'app', name: BUCKETS, value: '1' }];
    expect(unsound(protocolSchema.parse({ ...PROTOCOL, prepare }))).toContainEqual({
      place: 'prepare.0',
      why: `${BUCKETS} is the whole machine’s, not a node’s; use a change of kind buckets`,
    });
  });
});
