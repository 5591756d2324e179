import { mkdtempDisposable, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { create } from 'xmlbuilder2';
import { extrasOf } from '../../../src/run/reporter.ts';
import { judge } from '../../../src/judge/judge.ts';
import { verdictSchema } from '../../../src/schema/verdict.ts';
import { jsonReporter } from '../../../src/report/json.ts';
import { junitReporter, junitXml } from '../../../src/report/junit.ts';
import { PhaseClock } from '../../../src/run/phase-clock.ts';
import { allOf, type Reporter } from '../../../src/run/reporter.ts';
import { HistoryBuilder, MET, LOSSY } from '../judge/history-builder.ts';

const history = new HistoryBuilder({ remedies: ['raise-max', 'be-liberal', 'placebo'] })
  .symptom()
  .remedy('raise-max', LOSSY)
  .remedy('be-liberal', { ...MET, samples: false })
  .with({ type: 'not-judged', cycle: 'placebo', status: 'skipped', reason: 'needs <root> & \u0000' })
  .over();
const verdict = judge(history, './runs/1');
const extras = extrasOf(history);

describe('the JUnit report', () => {
  it('has a case for the symptom and one a remedy, each with its reason', () => {
    const { testsuites } = create(junitXml(verdict)).toObject() as unknown as {
      testsuites: { testsuite: Suite };
    };
    const { testsuite: suite } = testsuites;
    expect(suite).toMatchObject({ '@tests': '4', '@failures': '1', '@errors': '1', '@skipped': '1' });
    expect(suite.testcase).toMatchObject([
      {
        '@name': 'symptom is reproduced',
        'system-out': expect.stringMatching(/^reproduced: 80 of 200/) as string,
      },
      {
        '@name': 'raise-max is cured',
        failure: { '@message': expect.stringMatching(/^no-effect, expected cured: 80/) as string },
      },
      { '@name': 'be-liberal is no-effect', error: { '@message': 'fresh: no samples of worker-1' } },
      { '@name': 'placebo is no-effect', skipped: { '@message': 'needs &lt;root&gt; &amp; \\x00' } },
    ]);
  });

  it('is red where a remedy was skipped whose status the user stated', () => {
    const stated = judge(
      new HistoryBuilder({ remedies: ['placebo'], expect: { placebo: 'no-effect' } })
        .symptom()
        .with({ type: 'not-judged', cycle: 'placebo', status: 'skipped', reason: 'needs root' })
        .over(),
    );
    expect(junitXml(stated)).toContain('<failure message="skipped, expected no-effect: needs');
  });

  it('says how long the phases of each case took', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'tablefull-'));
    const path = join(folder.path, 'junit.xml');
    const reporter = junitReporter(path);
    for (const event of history) reporter.event?.(event);
    await reporter.end?.(verdict, extras);
    const times = (await readFile(path, 'utf8')).matchAll(/name="(\S+) is \S+" time="([\d.]+)"/g);
    const clock = new PhaseClock();
    for (const event of history) clock.event(event);
    expect([...times].map(([, name, time]) => [name, Number(time)])).toEqual(
      Object.entries(clock.seconds).map(([name, seconds]) => [name, Math.round(seconds * 1000) / 1000]),
    );
    expect(clock.seconds.symptom).toBeGreaterThan(0);
  });

  it('is not green when something was left behind', () => {
    const left = new HistoryBuilder()
      .symptom()
      .with({ type: 'restore', status: 'incomplete', left: ['nf_conntrack_max'] })
      .with({ type: 'end', status: 'completed', reason: '' }).events;
    const xml = junitXml(judge(left));
    expect(xml).toContain('<error message="left: nf_conntrack_max"/>');
    expect(xml).toContain('<property name="exit-code" value="3"/>');
  });

  it('has the headline and the exit code', () => {
    const xml = junitXml(verdict);
    expect(xml).toContain(
      '<property name="outcome" value="INCONCLUSIVE saturate: 1 of 4 results inconclusive;',
    );
    expect(xml).toContain('<property name="exit-code" value="2"/>');
  });

  it('is not green when the run was interrupted, though all that it saw was good', () => {
    const xml = junitXml(judge(new HistoryBuilder().symptom().over('interrupted', 'SIGINT')));
    expect(xml).toContain(
      '<error message="INTERRUPTED: by SIGINT, after 1 of 1 results; until then: reproduced"/>',
    );
    expect(xml).toContain('errors="1"');
  });

  it('is written whole, and leaves no draft', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'tablefull-'));
    await junitReporter(join(folder.path, 'junit.xml')).end?.(verdict, extras);
    expect(await readdir(folder.path)).toEqual(['junit.xml']);
    expect(await readFile(join(folder.path, 'junit.xml'), 'utf8')).toBe(junitXml(verdict));
  });

  it('that can’t be written says so in one line naming the file', async () => {
    await expect(junitReporter('/nowhere/junit.xml').end?.(verdict, extras)).rejects.toThrow(
      "can't write /nowhere/junit.xml: no such file or directory (ENOENT)",
    );
  });
});

describe('the JSON report', () => {
  it('is one document that keeps to the published schema', async () => {
    const out = new PassThrough();
    await jsonReporter(out).end?.(verdict, extras);
    expect(verdictSchema.parse(JSON.parse(String(out.read())))).toEqual(verdict);
  });
});

describe('several reporters', () => {
  it('are each told everything, though one of them fails', async () => {
    const told: string[] = [];
    const warnings: string[] = [];
    const failing: Reporter = {
      event() {
        throw new Error('no pen');
      },
      end: () => Promise.reject(new Error('no paper')),
    };
    const listening: Reporter = {
      event: ({ type }) => told.push(type),
      symptom: ({ status }) => told.push(status),
      end: () => void told.push('end'),
    };
    const all = allOf([failing, {}, listening], (line) => warnings.push(line));
    for (const event of history.slice(0, 2)) all.event(event);
    all.symptom(verdict.symptom);
    await all.end(verdict, extras);
    expect(told).toEqual(['run', 'phase', 'reproduced', 'end']);
    expect(warnings).toEqual(['no pen', 'no paper']);
  });
});

interface Suite {
  readonly testcase: readonly unknown[];
}
