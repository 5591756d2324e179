import { randomUUID } from 'node:crypto';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KernelLog } from '../../../src/kernel/kmsg.ts';

/** Writes to the log in place of the kernel, which logs `table full` at most ten times in five seconds. */
const say = (text: string): void => {
  writeFileSync('/dev/kmsg', `${text}\n`);
};

function isWritable(): boolean {
  try {
    accessSync('/dev/kmsg', constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

describe('The kernel log of a run', () => {
  it('the kernel log of a run holds the lines about conntrack since the run began, once', ({ skip }) => {
    const id = randomUUID();
    skip(!isWritable(), 'writing to /dev/kmsg needs root');
    say(`nf_conntrack: before ${id}`);
    using log = KernelLog.open();
    say(`nf_conntrack: table full in a test, ${id}`);
    say(`something else ${id}`);
    const { lines, unreadable } = log.read();
    skip(unreadable !== undefined, unreadable?.why);
    const ours = (all: readonly string[]): string[] => all.filter((line) => line.includes(id));
    expect(ours(lines)).toEqual([
      expect.stringMatching(/^\[ *\d+\.\d{6}\] nf_conntrack: table full in a test, /),
    ]);
    expect(ours(log.read().lines)).toEqual([]);
  });

  it('the kernel log is either readable at once or says why not', () => {
    const start = performance.now();
    using log = KernelLog.open();
    const { lines, unreadable } = log.read();
    expect(performance.now() - start).toBeLessThan(1_000);
    if (unreadable !== undefined) {
      expect(lines).toEqual([]);
      expect(unreadable.why).toMatch(/^\w+: .*\/dev\/kmsg'$/);
      expect(unreadable.fix).toMatch(/^run as root, or allow it/);
    }
  });
});
