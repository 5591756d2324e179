import { describe, expect, it } from 'vitest';
import { jailEnvironment, noJail } from '../../../../src/workshop/seats/jail.ts';

describe('a seat’s wall', () => {
  it('is refused to root, and names what is missing', () => {
    expect(noJail('/usr/bin:/bin', 0)).toEqual({
      found: expect.stringMatching(/^as root /) as string,
      fix: 'run it as an ordinary user',
    });
    expect(noJail('/nowhere', 1000)).toEqual({
      found: 'bwrap, prlimit not found',
      fix: 'install bubblewrap util-linux',
    });
    expect(noJail('/usr/bin:/bin', 1000, 'riscv64')?.found).toMatch(/keys .* on riscv64$/);
  });

  it('passes on nothing of the trainer’s environment', () => {
    expect(Object.keys(jailEnvironment({ name: 'app-0', kind: 'pod', ip: '' })).toSorted()).toEqual([
      ...['HISTFILE', 'HOME', 'LANG', 'PATH', 'PS1', 'TERM'],
    ]);
  });
});
