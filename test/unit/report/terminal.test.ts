import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../../src/schema/history.ts';
import { extrasOf } from '../../../src/run/reporter.ts';
import { judge } from '../../../src/judge/judge.ts';
import { painter } from '../../../src/report/layout.ts';
import { terminalReporter } from '../../../src/report/terminal.ts';
import { HistoryBuilder, MET, UNMET } from '../judge/history-builder.ts';

const history = new HistoryBuilder({ remedies: ['placebo'] }).symptom().remedy('placebo', MET).over();

async function reported(options: { readonly isTTY: boolean; readonly quiet?: boolean }) {
  const stdout = new PassThrough();
  const stderr = Object.assign(new PassThrough(), { isTTY: options.isTTY, columns: 80, rows: 24 });
  const reporter = terminalReporter({ stdout, stderr, quiet: options.quiet ?? false });
  for (const event of history) reporter.event?.(event);
  reporter.symptom?.(judge(history).symptom);
  await reporter.end?.(judge(history), extrasOf(history));
  const text = (stream: PassThrough) => String((stream.read() as Buffer | null) ?? '');
  return { out: text(stdout), err: text(stderr) };
}

describe('the terminal reporter', () => {
  it('keeps phases that run side by side apart', () => {
    const stderr = new PassThrough();
    const reporter = terminalReporter({ stdout: new PassThrough(), stderr, quiet: false });
    const side = (cycle: string, story: typeof MET) =>
      new HistoryBuilder().phase(cycle, 'fresh', story).events;
    const [one, other] = [side('raise-max', MET), side('be-liberal', UNMET)];
    for (const [i, event] of one.entries()) {
      reporter.event?.(event);
      const beside = other[i];
      if (i > 0 && beside) reporter.event?.(beside);
    }
    expect(String(stderr.read())).toBe(
      [
        '   0.0s raise-max fresh begins',
        '   0.0s be-liberal fresh begins',
        '   1.0s raise-max fresh: 200 of 200 requests answered; entries at most 300 of 1,000, drop +0',
        '   1.0s be-liberal fresh: 80 of 200 requests answered, 120 failed; entries at most 1,000 of 1,000, drop +150',
        '',
      ].join('\n'),
    );
  });

  it('says a change once, however many nodes have it made', () => {
    const stderr = new PassThrough();
    const reporter = terminalReporter({ stdout: new PassThrough(), stderr, quiet: false });
    const change = (t: number, name: string): HistoryEvent => ({
      type: 'change',
      t,
      cycle: 'be-liberal',
      action: 'apply',
      change: { kind: 'sysctl', name, value: 1, node: '*' },
      node: 'worker-1',
      before: 0,
      after: 1,
      emulated: false,
    });
    for (const event of [change(1, 'a'), change(2, 'a'), change(3, 'b'), change(4, 'a')])
      reporter.event?.(event);
    const said = String(stderr.read()).trimEnd().split('\n');
    expect(said.map((line) => line.trim().replace(', 0 → 1', ''))).toEqual([
      '0.0s be-liberal: apply a',
      '0.0s be-liberal: apply b',
      '0.0s be-liberal: apply a',
    ]);
  });

  it('tells a log, line by line with times, where each phase stands at its edges', async () => {
    const { err } = await reported({ isTTY: false });
    expect(err.split('\n').slice(0, 4)).toEqual([
      '   0.0s symptom baseline begins',
      '   1.0s symptom baseline: 200 of 200 requests answered; entries at most 300 of 1,000, drop +0',
      '   1.1s symptom fault begins',
      '   2.1s symptom fault: 80 of 200 requests answered, 120 failed; entries at most 1,000 of 1,000, drop +150',
    ]);
    expect(err).toMatch(/^ {3}5.5s symptom reproduced: 80 of 200 requests answered/m);
    expect(err).not.toContain('\u001B');
  });

  it('draws one block over and over on a terminal, with a line that stays for each phase that ended', async () => {
    const { err } = await reported({ isTTY: true });
    const text = stripVTControlCharacters(err);
    expect(err).toContain('\u001B[');
    expect(text).toContain('1,000 of 1,000 entries');
    expect(text).toContain('symptom fault: 80 of 200 requests answered, 120 failed');
    expect(text).not.toContain('begins');
  });

  it('keeps talk off stdout, and is still when it should be quiet', async () => {
    const loud = await reported({ isTTY: false });
    const quiet = await reported({ isTTY: false, quiet: true });
    expect(quiet.err).toBe('');
    expect(quiet.out).toBe(loud.out);
    expect(quiet.out).toMatch(
      /^saturate in netns[^]*\nFAILED saturate: placebo cured, expected no-effect\n /,
    );
  });

  it('colours nothing that is not a terminal', async () => {
    expect((await reported({ isTTY: true })).out).not.toContain('\u001B');
    expect(painter(new PassThrough())('red', 'x')).toBe('x');
  });
});
