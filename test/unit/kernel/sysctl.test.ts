import { expect, it } from 'vitest';
import { writeSysctl } from '../../../src/kernel/sysctl.ts';

it('a sysctl that a namespace does not have is refused in a line that says whose it may be', () => {
  expect(() => writeSysctl('net.core.no_such_sysctl', '1')).toThrow(
    'set net.core.no_such_sysctl to 1: ENOENT: this namespace has none: it is the whole machine’s, or its module is not loaded',
  );
});
