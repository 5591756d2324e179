import { describe, expect, it } from 'vitest';
import { jailEnvironment, noJail } from '../../../../src/workshop/seats/jail.ts';

describe('a seat’s wall', () => {
  it('is refused to root, and names what is missing', () => {
    expect(noJail('/usr/bin:/bin', 0)).toMatch(/as root .* run it as an ordinary user$/);
    expect(noJail('/nowhere', 1000)).toBe('bwrap, prlimit not found; install bubblewrap util-linux');
    expect(noJail('/usr/bin:/bin', 1000, 'riscv64')).toMatch(/keys .* on riscv64$/);
  });

  it('passes on nothing of the trainer’s environment', () => {
    expect(Object.keys(jailEnvironment({ name: 'app-0', kind: 'pod', ip: '' })).toSorted()).toEqual([
      ...['HISTFILE', 'HOME', 'LANG', 'PATH', 'PS1', 'TERM'],
    ]);
  });
});
