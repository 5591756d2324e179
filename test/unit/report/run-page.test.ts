import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { judge } from '../../../src/judge/judge.ts';
import { runPage } from '../../../src/report/html/run-page.ts';
import { runMarkdown } from '../../../src/report/run-markdown.ts';
import type { History } from '../../../src/schema/history.ts';
import { recorded } from '../../fixtures/recorded.ts';
import { HistoryBuilder, MET, LOSSY } from '../judge/history-builder.ts';

/** What a reader sees, without tags. */
function textOf(page: string): string {
  return page
    .replace(/<(style|script)>[^]*?<\/\1>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

describe.each(['saturate', 'dns-storm', 'boom'])('the page of a recorded run of %s', (name) => {
  const history = recorded(name);
  const verdict = judge(history);
  const page = runPage(history, `runs/${name}`);

  it('says the headline, and each remedy with its status', () => {
    const text = textOf(page);
    expect(text).toContain(verdict.outcome.headline);
    for (const remedy of verdict.remedies)
      expect(text).toMatch(new RegExp(`${remedy.name} .{0,4}${remedy.status} `));
  });

  it('has a band for each phase, where the history says', () => {
    for (const phase of history.filter((event) => event.type === 'phase')) {
      const { phase: of, edge, t } = phase;
      const retried = history.some(
        (event) =>
          event.type === 'retry' &&
          event.phase.cycle === of.cycle &&
          event.phase.stage === of.stage &&
          event.t > t,
      );
      const data = `data-${edge === 'start' ? 'from' : 'to'}="${String(t)}"`;
      if (!retried) expect(page).toMatch(new RegExp(`data-stage="${of.stage}"[^>]*${data}`));
    }
  });

  it('is below 500 KB, and names nothing to load', () => {
    expect(page.length).toBeLessThan(500_000);
    expect(page).not.toMatch(/\s(src|href|xlink:href|action)=["']?(?!["']?#)/);
    expect(page).not.toMatch(/url\(|@import|https?:/);
    expect(page).toContain('default-src &#x27;none&#x27;');
  });

  it('has a line for each remedy in Markdown, too', () => {
    const markdown = runMarkdown(history, `runs/${name}`);
    for (const remedy of verdict.remedies)
      expect(markdown).toMatch(new RegExp(`^\\| ${remedy.name} +\\| ${remedy.status}`, 'm'));
    expect(markdown).toContain('## Again');
  });
});

const story = (change: ConstructorParameters<typeof HistoryBuilder>[0] = {}) =>
  new HistoryBuilder({ remedies: ['raise-max'], ...change }).symptom().remedy('raise-max', MET);

describe('the page of a run', () => {
  it('answers first, in a sentence', () => {
    const page = runPage(story().over(), 'runs/x');
    expect(/<h1>(.*?)<\/h1>/.exec(page)?.[1]).toBe('The problem was reproduced: 120 of 200 requests failed.');
    expect(textOf(page)).toContain('raise-max cures it.');
  });

  it('draws what there is of a run that was killed', () => {
    const whole = story().over();
    for (let kept = 1; kept < whole.length; kept++) {
      const page = runPage(whole.slice(0, kept), 'runs/x');
      expect(page).toContain('tablefull restore');
    }
  });

  it('says what was not restored, and the command that restores it', () => {
    const whole = story().over();
    const left = ['nf_conntrack_max is 1200, was 262144'];
    const page = runPage(
      [...whole.slice(0, -2), { type: 'restore', t: 9, status: 'incomplete', left }, ...whole.slice(-1)],
      'runs/x',
    );
    expect(page).toContain(left[0]);
    expect(page).toContain('<code>tablefull restore</code>');
  });

  test('no name, reason or line of a log is ever markup or steers a terminal', () => {
    const part = fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      '</style><script>',
      '&lt;b&gt;',
      ']]>',
      '`',
      '|',
      '\u001b[2J',
      '\u202e',
      '\u2028',
      '\n# heading\n',
      "' onclick='x",
      'javascript:alert(1)',
    );
    const hostile = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
    const safe = textSigns(runPage(hostileHistory('name'), 'runs/x'));
    fc.assert(
      fc.property(hostile, (text) => {
        const history = hostileHistory(text);
        const page = runPage(history, `runs/${text}`);
        // As many elements as with a harmless name: none is the text’s.
        expect(textSigns(page)).toEqual(safe);
        for (const output of [page, runMarkdown(history, `runs/${text}`)])
          expect(output).not.toMatch(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069\u2028]/u);
      }),
      { numRuns: 60 },
    );
  });

  it('is drawn in less than 2 s and 1 MB of ten minutes sampled every 50 ms', () => {
    const history = tenMinutes();
    const began = process.cpuUsage();
    const page = runPage(history, 'runs/x');
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1e6).toBeLessThan(2);
    expect(page.length).toBeLessThan(1_000_000);
  });
});

/** The number of each kind of tag. */
function textSigns(page: string): Record<string, number> {
  const tags = page.match(/<[a-z][a-z0-9]*/g) ?? [];
  return Object.fromEntries([...Map.groupBy(tags, (tag) => tag)].map(([tag, all]) => [tag, all.length]));
}

function hostileHistory(text: string): History {
  const builder = story({ scenario: text, kernel: text, versions: { [text]: text }, argv: ['run', text] });
  builder.with({
    type: 'change',
    cycle: 'symptom',
    action: 'apply',
    change: { kind: 'squeeze', node: text, free: 80 },
    node: text,
    before: text,
    after: text,
    emulated: false,
  });
  builder.with({ type: 'kernel-log', lines: [text], unattributed: [text] });
  return builder.over();
}

function tenMinutes(): History {
  const ms = 120_000;
  const long = { ms, offered: ms / 5 };
  const builder = new HistoryBuilder({ remedies: ['raise-max'] })
    .symptom({ ...LOSSY, ...long }, { ...MET, ...long, answered: ms / 5 })
    .remedy('raise-max', { ...MET, ...long, answered: ms / 5 });
  return builder.over();
}
