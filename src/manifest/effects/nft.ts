import { EVERY_NODE } from '../../change/define.ts';
import { defineEffect } from '../effect.ts';

/** A base chain of nftables. */
export interface NftChain {
  readonly type: 'filter' | 'nat';
  readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  readonly priority: number;
  readonly rules: readonly string[];
}

/** A base chain on every node. */
export const nft = defineEffect<NftChain>({
  changes: ({ type, hook, priority, rules }) => {
    const nat = type === 'nat' && { type };
    return {
      changes: [{ kind: 'nft', node: EVERY_NODE, ...nat, hook, priority, rules: [...rules] }],
      means: `the same rules on every node, hook ${hook}`,
    };
  },
});
