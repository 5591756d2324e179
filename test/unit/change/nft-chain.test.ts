import { describe, expect, it } from 'vitest';
import { isOneStatement } from '../../../src/change/nft-chain.ts';

describe('a rule of a file', () => {
  it.each([
    'tcp dport { 80, 443 } drop',
    'ip daddr 10.0.0.1 counter comment "one; of } ours"',
    'meta l4proto udp notrack',
  ])('may be a statement: %s', (rule) => {
    expect(isOneStatement(rule)).toBe(true);
  });

  it.each([
    ['reads a file', 'include "/etc/shadow"'],
    ['reads a file after a statement', 'counter; include "/etc/shadow"'],
    [
      'reads a file between quoted braces',
      'counter comment "{" ; include "/etc/shadow" ; counter comment "}"',
    ],
    ['leaves its chain', '} chain x {'],
    [
      'leaves its chain by quoted braces',
      'counter comment "{{" } } table ip x { chain y { counter comment "}}"',
    ],
    ['hides a brace in a comment', 'ip saddr { # }'],
    ['is two lines', 'counter\ndrop'],
    ['ends in a quote', 'counter comment "x'],
  ])('is refused where it %s', (_, rule) => {
    expect(isOneStatement(rule)).toBe(false);
  });
});
