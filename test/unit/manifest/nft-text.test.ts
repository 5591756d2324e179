import { describe, expect, it } from 'vitest';
import { readNft } from '../../../src/manifest/nft-text.ts';

describe('a text for nft -f', () => {
  it('gives the rules of its base chains', () => {
    const { chains, gaps } = readNft(`table ip t {}
delete table ip t
table ip t { # a comment
  chain pre {
    type filter hook prerouting priority raw - 5; policy accept;
    ip daddr { 10.0.0.1, 10.0.0.2 } notrack
    tcp dport 80 notrack; udp dport 53 notrack
  }
}`);
    expect(gaps).toEqual([]);
    expect(chains).toEqual([
      {
        type: 'filter',
        hook: 'prerouting',
        priority: -305,
        rules: ['ip daddr { 10.0.0.1, 10.0.0.2 } notrack', 'tcp dport 80 notrack', 'udp dport 53 notrack'],
      },
    ]);
  });

  it.each([
    ['a chain of its own', 'table ip t {\n chain mine {\n accept\n }\n}', 'filter and nat chains'],
    [
      'a policy that drops',
      'table ip t {\n chain f {\n type filter hook forward priority 0; policy drop;\n }\n}',
      'policy',
    ],
    [
      'files of the machine',
      'table ip t {\n chain f {\n type filter hook forward priority 0;\n include "/etc/shadow"\n }\n}',
      'with files',
    ],
    [
      'files of the machine, hidden by quoted braces',
      'table ip t {\n chain f {\n type filter hook forward priority 0;\n counter comment "{" ; include "/etc/shadow" ; counter comment "}"\n }\n}',
      'with files',
    ],
    ['another family', 'table bridge t {\n}', 'bridge'],
    ['a set', 'table ip t {\n set s { type ipv4_addr; }\n}', 'base chains'],
    ['a single command', 'add rule ip t c accept', 'only tables'],
  ])('names what is not followed: %s', (_, text, why) => {
    const { chains, gaps } = readNft(text);
    expect(chains).toEqual([]);
    expect(gaps.map((gap) => gap.why).join()).toContain(why);
  });
});
