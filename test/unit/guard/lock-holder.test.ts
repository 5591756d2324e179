import { expect, it } from 'vitest';
import { lockRefusal } from '../../../src/guard/flock.ts';
import { holderName, type ReadProcess, type ShownProcess } from '../../../src/guard/lock-holder.ts';

const reading =
  (processes: Readonly<Record<number, ShownProcess>>): ReadProcess =>
  (pid) =>
    processes[pid];

it('names the run whose helper holds the lock, as it was typed', () => {
  const read = reading({
    20: { parent: 10, words: ['cat'] },
    10: { parent: 5, words: ['/usr/bin/node', '/src/tablefull/src/cli/main.ts', 'run', 'saturate'] },
  });
  expect(holderName(20, read)).toBe('10: tablefull run saturate');
});

it('names the installed command the same way, and cuts a long line', () => {
  const many = Array.from({ length: 30 }, (_, i) => `remedy-${String(i)}`).join(',');
  const read = reading({
    20: { parent: 10, words: ['cat'] },
    10: { parent: 5, words: ['node', '/usr/bin/tablefull', 'run', 'boom', '--remedy', many] },
  });
  expect(holderName(20, read)).toMatch(/^10: tablefull run boom --remedy remedy-0,.*…$/);
  expect(holderName(20, read).length).toBeLessThanOrEqual(64);
});

it('names a helper itself whose run has died, and a number where the process is gone', () => {
  expect(holderName(20, reading({ 20: { parent: 1, words: ['/usr/bin/cat', '-'] } }))).toBe('20: cat -');
  expect(holderName(20, reading({}))).toBe('20');
});

it('says in round seconds how long was waited', () => {
  expect(lockRefusal(59_999.991955, ['10: tablefull run saturate'])).toBe(
    'the conntrack limit is locked by another run (process 10: tablefull run saturate); gave up after 60 s: try again when it has ended',
  );
  expect(lockRefusal(100, [])).toMatch(/after 0\.1 s:/);
});
