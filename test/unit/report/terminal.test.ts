import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../../src/schema/history.ts';
import { extrasOf } from '../../../src/run/reporter.ts';
import { judge } from '../../../src/judge/judge.ts';
import { painter } from '../../../src/report/layout.ts';
import { progressReporter } from '../../../src/report/progress.ts';
import { terminalReporter } from '../../../src/report/terminal.ts';
import { HistoryBuilder, MET, LOSSY } from '../judge/history-builder.ts';

const history = new HistoryBuilder({ remedies: ['placebo'] }).symptom().remedy('placebo', MET).over();

async function reported({ isTTY }: { readonly isTTY: boolean }): Promise<string> {
  const stderr = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 });
  const reporter = progressReporter(stderr);
  for (const event of history) reporter.event?.(event);
  reporter.symptom?.(judge(history).symptom);
  await reporter.end?.(judge(history), extrasOf(history));
  return String(stderr.read());
}

describe('progress on a terminal, or in a log', () => {
  it('keeps phases that run side by side apart', () => {
    const stderr = new PassThrough();
    const reporter = progressReporter(stderr);
    const side = (cycle: string, story: typeof MET) =>
      new HistoryBuilder().phase(cycle, 'fresh', story).events;
    const [one, other] = [side('raise-max', MET), side('be-liberal', LOSSY)];
    for (const [i, event] of one.entries()) {
      reporter.event?.(event);
      const beside = other[i];
      if (i > 0 && beside) reporter.event?.(beside);
    }
    expect(String(stderr.read())).toBe(
      [
        '   1.0s raise-max fresh: 200/200 answered, 300 entries',
        '   1.0s be-liberal fresh: 80/200 answered, full, drop +150',
        '',
      ].join('\n'),
    );
  });

  it('draws a table whose entries are freed at once, after it was all but full', () => {
    const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
    const reporter = progressReporter(stderr);
    const events = new HistoryBuilder().phase('placebo', 'live', MET).events;
    const start = events.findIndex(({ type }) => type === 'phase');
    const sample = events.find(({ type }) => type === 'sample');
    if (sample?.type !== 'sample') throw new Error('no sample');
    const freeAt = (ms: number, free: number): HistoryEvent => ({
      ...sample,
      t: (events[start]?.t ?? 0) + ms,
      entries: sample.limit - free,
    });
    for (const event of [...events.slice(0, start + 1), freeAt(0, 10), freeAt(150, 600)])
      reporter.event?.(event);
    expect(stripVTControlCharacters(String(stderr.read()))).toMatch(/worker-1 ░+ 600 free of 1,000, −590 /);
  });

  it('says a change once, however many nodes have it made, where all is asked for', () => {
    const stderr = new PassThrough();
    const reporter = progressReporter(stderr, { verbose: true });
    for (const event of history.slice(0, 1)) reporter.event?.(event);
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

  it('tells a log, a line for each phase, how long it takes, and what became of what was changed', async () => {
    const err = await reported({ isTTY: false });
    expect(err.split('\n').slice(0, 5)).toEqual([
      '   1.0s symptom baseline: 200/200 answered, 300 entries; 12 s left',
      '   2.1s symptom fault: 80/200 answered, full, drop +150; 3 s left',
      '   3.2s placebo confirm: 80/200 answered, full, drop +150; 2 s left',
      '   4.3s placebo live: 200/200 answered, 300 entries; 1 s left',
      '   5.4s placebo fresh: 200/200 answered, 300 entries',
    ]);
    expect(err).toMatch(/^ {3}5.5s problem reproduced: 80 of 200 requests answered/m);
    expect(err).toContain('restored: everything is as it was before');
    expect(err).not.toContain('\u001B');
  });

  it('draws one block over and over on a terminal, with a line that stays for each phase that ended', async () => {
    const err = await reported({ isTTY: true });
    const text = stripVTControlCharacters(err);
    expect(err).toContain('\u001B[');
    expect(text).toMatch(/█+ 0 free of 1,000, \+\d+ /);
    expect(text).toContain('symptom fault: 80/200 answered, full, drop +150');
    expect(text).not.toContain('begins');
  });

  it.each([
    [80, 24],
    [200, 50],
    [40, 12],
  ])(
    'draws a block that fits a terminal of %i×%i: gauges, sparklines, the kernel’s newest line',
    (columns, rows) => {
      const stderr = Object.assign(new PassThrough(), { isTTY: true, columns, rows });
      const reporter = progressReporter(stderr);
      const [header, ...events] = new HistoryBuilder({ remedies: ['placebo'] }).symptom().events;
      const names: HistoryEvent = { type: 'namespaces', t: 0, nodes: { 'worker-1': 4026532323 } };
      for (const event of [header, names, ...events]) if (event) reporter.event?.(event);
      reporter.log?.('[ 1.5] nf_conntrack: table full in netns 4026532323, dropping packet');
      reporter.log?.('[ 1.6] nf_conntrack: table full in netns 7, dropping packet');
      const [, ...more] = new HistoryBuilder().phase('placebo', 'confirm', LOSSY).events;
      stderr.read();
      for (const event of more.slice(0, 15)) reporter.event?.({ ...event, t: event.t + 3000 });
      const last = stripVTControlCharacters(String(stderr.read())).trimEnd().split('\n');
      const block = last.slice(last.findLastIndex((line) => line.startsWith('placebo confirm')));
      expect(block.length).toBeLessThanOrEqual(rows);
      expect(Math.max(...block.map((line) => line.length))).toBeLessThan(columns);
      expect(block.join('\n')).toMatch(/worker-1 .*[\d,]+ free of 1,000/);
      expect(block.join('\n')).toContain('kernel worker-1: [ 1.5]');
      if (columns >= 80) expect(block.join('\n')).toMatch(/worker-1 [█░]+ .* [▁▂▃▄▅▆▇█]{2}/);
      expect(block.at(-1)).toMatch(/^2 of 5 phases, about \d+ s left/);
    },
  );
});

describe('the verdict on a terminal', () => {
  it('ends with what was not as expected, and colours nothing that is not a terminal', async () => {
    const stdout = new PassThrough();
    await terminalReporter(stdout).end?.(judge(history), extrasOf(history));
    const text = String(stdout.read());
    expect(text).toMatch(/^saturate in netns[^]*\nFAILED saturate: placebo cured, expected no-effect\n /);
    expect(text).not.toContain('\u001B');
    expect(painter(new PassThrough())('red', 'x')).toBe('x');
  });
});
