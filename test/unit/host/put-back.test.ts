import { describe, expect, it } from 'vitest';
import { putBack } from '../../../src/host/put-back.ts';

const MAX = 'net.netfilter.nf_conntrack_max';

/** A host whose sysctl has a value, and takes another or makes its own of it. */
function host(value: string, taken = (wanted: string): string => wanted) {
  const written: string[] = [];
  return {
    written,
    readSysctl: () => value,
    writeSysctl: (_: string, wanted: string): string => (written.push(wanted), (value = taken(wanted))),
  };
}

describe('a sysctl that is set back', () => {
  it('has its value from before, and what it had is returned', () => {
    const changed = host('20');
    expect(putBack(changed, MAX, '5')).toBe('20');
    expect(changed.readSysctl()).toBe('5');
  });

  it('is not written where nothing changed it', () => {
    const same = host('5');
    expect([putBack(same, MAX, '5'), same.written]).toEqual(['5', []]);
  });

  it('is named with both values where the kernel takes another', () => {
    const rounding = host('20', () => '8');
    expect(() => putBack(rounding, MAX, '5')).toThrow(`${MAX}: was 5, now 8`);
  });
});
