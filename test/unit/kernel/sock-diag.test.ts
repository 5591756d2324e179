import { expect, it } from 'vitest';
import { resetsOrphans } from '../../../src/kernel/sock-diag.ts';

it('a kernel before 6.11 would keep a reset orphan for ever, so it resets none', () => {
  const resets = (versions: readonly string[]) => versions.map((version) => resetsOrphans(version));
  expect(resets(['5.15.0-91-generic', '6.8.0', '6.10.14'])).toEqual([false, false, false]);
  expect(resets(['6.11.0', '6.18.44-fc-v657', '7.0.1'])).toEqual([true, true, true]);
});
