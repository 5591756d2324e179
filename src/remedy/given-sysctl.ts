import { EVERY_NODE } from '../change/index.ts';
import type { Remedy } from './remedy.ts';
import { OptionError } from '../util/option-error.ts';
import { raisedTo } from './raise-max.ts';
import { BUCKETS, MAX } from '../kernel/table-names.ts';

/**
 * `sysctl:net.netfilter.nf_conntrack_tcp_be_liberal=1`: sets a sysctl on every node.
 *
 * @param limit reads nf_conntrack_max before the run
 * @returns undefined for text without the prefix `sysctl:`
 * @throws OptionError of `--remedy`
 */
export function givenSysctl(text: string, limit: () => number): Remedy | undefined {
  if (!text.startsWith('sysctl:')) return undefined;
  const option = `--remedy ${text}`;
  const [, name, digits] = /^sysctl:(net\.[a-z0-9_.-]+)=(-?\d+)$/i.exec(text) ?? [];
  if (name === undefined || digits === undefined)
    throw new OptionError(
      option,
      'write sysctl:NAME=NUMBER, with a name below net: sysctl:net.ipv4.tcp_tw_reuse=1',
    );
  if (name === BUCKETS)
    throw new OptionError(option, 'the buckets are the machine’s; use the remedy raise-buckets');
  const value = Number(digits);
  return {
    name: text,
    summary: `set ${name} to ${digits} on every node`,
    applies: name === MAX ? 'the machine: the maximum is one for all its network namespaces' : 'every node',
    cost: 'not stated',
    requires: [],
    // A node can't write the maximum: it is machine-wide, or emulated by ballast.
    changes:
      name === MAX ? raisedTo(value, limit) : () => [{ kind: 'sysctl', node: EVERY_NODE, name, value }],
  };
}
