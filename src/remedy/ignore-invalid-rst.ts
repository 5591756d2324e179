import { EVERY_NODE } from '../change/index.ts';
import type { Remedy } from './remedy.ts';
import { kernelWith } from './requirement.ts';

const SYSCTL = 'net.netfilter.nf_conntrack_tcp_ignore_invalid_rst';

export const ignoreInvalidRst: Remedy = {
  name: 'ignore-invalid-rst',
  summary:
    'nf_conntrack_tcp_ignore_invalid_rst=1: a reset with a sequence number out of place is not INVALID',
  applies: 'every node, its network namespace; kernels from 5.14 on',
  cost: 'a stale or forged reset passes as the connection’s own',
  why: { helps: 'stray resets are not INVALID', fails: 'concerns resets, not data' },
  breaks: { what: 'quiet connections that met a stray reset', shownBy: 'liberal-fin segment=reset' },
  requires: [kernelWith(SYSCTL)],
  changes: () => [{ kind: 'sysctl', node: EVERY_NODE, name: SYSCTL, value: 1 }],
};
