import type { Element } from 'hast';
import { h } from 'hastscript';
import { count } from '../../judge/words.ts';
import type { Headline } from '../../schema/outcome.ts';
import type { Result, Suite, SuiteRunResult } from '../../schema/suite.ts';
import { oddResults } from '../../suite/outcome.ts';
import { rerunSuite } from '../rerun.ts';
import { htmlDocument } from './document.ts';
import { badge, dateOf, leftAlert, sayRestored } from './head.ts';
import { command, facts, idOf, sayVersions, section, statusIn, table } from './parts.ts';

/** Glyphs alone distinguish results; colour is an addition. */
const SIGNS: Readonly<Record<Result['result'], string>> = {
  passed: '✓',
  failed: '✗',
  inconclusive: '?',
  skipped: '–',
};

/**
 * A suite as one page of HTML: the answer first, what is not as expected, and what each run found.
 *
 * @param link the path of the report of a run’s folder, relative to the page; undefined: there is none
 */
export function suitePage(suite: Suite, link: (run: string) => string | undefined): string {
  const { file, outcome, runs } = suite;
  return htmlDocument(`${outcome.headline} ${file} · tablefull`, [
    h('main', [
      answer(suite),
      ...surprises(suite),
      section('runs', 'Runs', runsTable(runs, link)),
      section('each', 'Run by run', ...runs.map((run) => runDetails(run, file, link))),
      about(suite),
    ]),
  ]);
}

function answer(suite: Suite): Element {
  const { file, outcome, runs, restore, seconds, kernel, exitCode } = suite;
  const all = runs.flatMap(({ results }) => results).filter(({ result }) => result !== 'skipped');
  const good = all.filter(({ result }) => result === 'passed').length;
  const labs = [...new Set(runs.map(({ lab }) => `${lab} lab`))].join(', ');
  const many = runs.length === 1 ? '1 run' : `${count(runs.length)} runs`;
  return h('header', [
    h('p', { class: 'kicker' }, [
      'tablefull · ',
      h('strong', file),
      ` · ${labs} · kernel ${kernel} · ${dateOf(suite)}`,
    ]),
    ...leftAlert(restore, suite.script),
    h('h1', headingOf(outcome.headline, good, all.length)),
    h('p', { class: 'headline' }, [
      badge(outcome.headline),
      ` ${many} · ${count(Math.round(seconds))} s · ${sayRestored(restore)}`,
    ]),
    ...(outcome.headline === 'PASSED' ? [] : [h('p', outcome.summary)]),
    ...(exitCode === outcome.exitCode
      ? []
      : [h('p', `The exit code is ${String(exitCode)}, because of --inconclusive.`)]),
  ]);
}

/** @param all the results that were judged */
function headingOf(headline: Headline, good: number, all: number): string {
  // How far it got is in its summary.
  if (headline === 'INTERRUPTED') return 'The suite was interrupted.';
  if (all === 0) return 'Nothing was judged.';
  return `${count(good)} of ${count(all)} results are as expected.`;
}

/** What does not hold, each with its line in the suite file. */
function surprises({ runs, file }: Suite): readonly Element[] {
  const rows = runs.flatMap((run) => {
    const odd = oddResults(run);
    const { outcome, line } = run;
    if (odd.length === 0 && outcome.headline !== 'PASSED')
      return [[`${file}:${String(line)}`, run.name, badge(outcome.headline), '', outcome.summary]];
    return odd.map((each) => [
      `${file}:${String(each.line)}`,
      run.name,
      each.name,
      statusIn(each.status),
      each.reason,
    ]);
  });
  if (rows.length === 0) return [];
  const title = 'Not as expected';
  return [
    section(
      'surprises',
      title,
      table(['place', 'run', 'must hold', 'found', 'why'], rows, { caption: title }),
    ),
  ];
}

function runsTable(runs: readonly SuiteRunResult[], link: (run: string) => string | undefined): Element {
  const rows = runs.map(({ name, outcome, results, attempts, seconds, run, lab }) => {
    const href = run === null ? undefined : link(run);
    const passed = results.filter(({ result }) => result === 'passed').length;
    return [
      h('a', { href: `#${idOf(name)}` }, name),
      badge(outcome.headline),
      results.length === 0 ? '–' : `${count(passed)} of ${count(results.length)}`,
      h(
        'span',
        results
          .filter(({ expected }) => expected !== 'met')
          .flatMap((each, i) => [
            i === 0 ? '' : ' · ',
            each.about === 'symptom' ? '' : `${each.about} `,
            statusIn(each.status),
          ]),
      ),
      lab,
      attempts === 0
        ? '–'
        : `${count(Math.round(seconds))} s${attempts > 1 ? `, attempt ${String(attempts)}` : ''}`,
      href === undefined ? '–' : h('a', { href, ariaLabel: `Report of ${name}` }, 'report'),
    ];
  });
  return table(['run', 'result', 'as expected', 'found', 'lab', 'time', 'page'], rows, { caption: 'Runs' });
}

/** Everything about one run; open where it is not as expected. */
function runDetails(
  { name, outcome, results, line, run }: SuiteRunResult,
  file: string,
  link: (run: string) => string | undefined,
): Element {
  const href = run === null ? undefined : link(run);
  return h('details', { id: idOf(name), class: 'remedy', open: outcome.headline !== 'PASSED' }, [
    h('summary', [
      h('h3', name),
      ' ',
      badge(outcome.headline),
      h('span', { class: 'why' }, ` ${outcome.summary}`),
    ]),
    ...(results.length === 0
      ? []
      : [
          table(
            ['must hold', 'found', 'why', 'line', 'result'],
            results.map((each) => [
              each.name,
              statusIn(each.status),
              each.reason,
              String(each.line),
              h(
                'span',
                { class: each.result === 'failed' ? 'odd' : 'quiet' },
                `${SIGNS[each.result]} ${each.result}`,
              ),
            ]),
            { caption: `Results of ${name}` },
          ),
        ]),
    facts([
      ['place', h('code', `${file}:${String(line)}`)],
      ['run', href === undefined ? (run ?? 'it did not start') : h('a', { href }, run ?? name)],
    ]),
  ]);
}

function about(suite: Suite): Element {
  const { seed, privileged, versions, runs } = suite;
  return section(
    'rerun',
    'Run it again',
    command(
      rerunSuite(
        suite,
        runs.map(({ name }) => name),
      ),
    ),
    facts([
      ['seed', String(seed)],
      ['user', privileged ? 'root' : 'not root'],
      ['versions', sayVersions(versions)],
    ]),
  );
}
