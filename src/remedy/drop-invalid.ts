import { EVERY_NODE } from '../change/index.ts';
import type { Remedy } from './remedy.ts';

export const dropInvalid: Remedy = {
  name: 'drop-invalid',
  summary:
    'drop packets that conntrack calls INVALID before they are forwarded, as kube-proxy’s own rule did',
  applies: 'every node, in the forward hook',
  cost: 'a rule for every forwarded packet; asymmetric routes break',
  why: { helps: 'no INVALID packet reaches a pod', fails: 'only matters for INVALID packets' },
  breaks: { what: 'what a node sees one direction of', shownBy: 'asymmetric-invalid' },
  requires: [],
  changes: () => [
    { kind: 'nft', node: EVERY_NODE, hook: 'forward', priority: 0, rules: ['ct state invalid counter drop'] },
  ],
};
