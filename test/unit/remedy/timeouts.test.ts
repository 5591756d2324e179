import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { oneTimeoutEach, shorterTimeouts } from '../../../src/remedy/shorter-timeouts.ts';
import type { Protocol } from '../../../src/schema/protocol.ts';

const protocol = (sysctls: Record<string, number>): Protocol => ({ sysctls }) as Protocol;

describe('the list of timeouts', () => {
  it('one by one is the whole list', () => {
    const each = oneTimeoutEach.flatMap(({ changes }) => changes(protocol({})));
    expect(each).toEqual(shorterTimeouts.changes(protocol({})));
    expect(oneTimeoutEach.map(({ name }) => name)).toContain('timeout-time-wait');
    expect(oneTimeoutEach.map(({ name }) => name)).toContain('timeout-udp-stream');
  });

  it('is shortened as the scenario has shortened the node’s own, in whole seconds and at least one', () => {
    const sysctls = {
      'net.netfilter.nf_conntrack_tcp_timeout_time_wait': 20,
      'net.netfilter.nf_conntrack_tcp_timeout_close_wait': 15,
    };
    const values = new Map(
      shorterTimeouts
        .changes(protocol(sysctls))
        .flatMap((change) =>
          change.kind === 'sysctl' ? [[change.name.split('_conntrack_')[1], change.value]] : [],
        ),
    );
    expect(values.get('tcp_timeout_time_wait')).toBe(5);
    expect(values.get('tcp_timeout_close_wait')).toBe(1);
    expect(values.get('tcp_timeout_fin_wait')).toBe(15);
  });

  it.each(oneTimeoutEach.map(({ name }) => name))('%s has its page and its Kubernetes form', (name) => {
    expect(existsSync(`docs/explanation/remedies/${name}.md`)).toBe(true);
    expect(existsSync(`manifests/remedies/${name}.yaml`)).toBe(true);
  });
});
