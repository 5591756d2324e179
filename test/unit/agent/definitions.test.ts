import { describe, expect, it } from 'vitest';
import { definitionsFor } from '../../../src/agent/definitions.ts';
import { address } from '../../../src/lab/netns/addresses.ts';
import { problemsIn } from '../../../src/scenario/check.ts';
import { protocolSchema } from '../../../src/schema/protocol.ts';
import { PROTOCOL } from '../judge/history-builder.ts';

const network = address({
  ...PROTOCOL.topology,
  nodes: ['worker-1'],
  pods: {
    app: { replicas: 2, nodes: ['worker-1'] },
    'the-one': { replicas: 1, nodes: ['worker-1'] },
  },
  services: {},
});

describe('the definitions of rules', () => {
  it('are the addresses of the sets that they name, each once', () => {
    const rules = ['ip saddr $pods_app drop', 'ip daddr $pods_app ip saddr set $pods_the-one'];
    expect(definitionsFor(rules, 'the-one-0', network)).toBe(
      'define pods_app = { 10.244.0.2, 10.244.0.3 }\ndefine pods_the-one = 10.244.0.4\n',
    );
  });

  it('are none where rules name none', () => {
    expect(definitionsFor(['ct state invalid drop'], 'worker-1', network)).toBe('');
  });

  it('must be of sets that there are', () => {
    const fault = {
      kind: 'nft',
      node: 'all',
      hook: 'forward',
      priority: 0,
      rules: ['ip saddr $pods_nobody drop'],
    };
    expect(problemsIn(protocolSchema.parse({ ...PROTOCOL, fault }), ['placebo'])).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          place: 'fault.pods',
          why: expect.stringMatching(/^unknown pod set nobody; /) as string,
        }),
      ]),
    );
  });
});
