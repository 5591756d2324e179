import type { Element, ElementContent } from 'hast';
import { h } from 'hastscript';
import type { Run } from '../../history/run.ts';
import { count } from '../../judge/words.ts';
import { UNATTRIBUTED } from '../../judge/kernel-lines.ts';
import type { Extras } from '../../run/reporter.ts';
import type { Verdict } from '../../schema/verdict.ts';
import { answerOf } from '../answer.ts';
import { sayMade, type ChangeMade } from '../changes-made.ts';
import { sayAsExpected } from '../effects.ts';
import { seconds } from '../plot/draw.ts';
import { explainCommand, rerunCommand } from '../rerun.ts';
import { badge, dateOf, leftAlert, sayRestored } from './head.ts';
import { command, facts, sayVersions, section, table } from './parts.ts';
import type { RunHeader } from '../../schema/run-header.ts';

/** Lines of the kernel’s log on the page; kernel.log has all. */
const MOST_LINES = 30;

/** The answer first: whether the problem was there, what cures it, and what the run was worth. */
export function answerBlock(verdict: Verdict, header: RunHeader): Element {
  const { scenario, outcome, restore, seconds: took, lab, kernel } = verdict;
  const [first, ...rest] = answerOf(verdict);
  const judged = sayAsExpected(verdict);
  const given = Object.entries(header.params).map(([name, value]) => `${name}=${value}`);
  return h('header', [
    h('p', { class: 'kicker' }, [
      'tablefull · ',
      h('strong', [scenario, ...(header.control ? [' (control)'] : [])].join('')),
      ` · ${lab} lab · kernel ${kernel} · ${dateOf(header)}`,
    ]),
    ...leftAlert(restore, header.script),
    h('h1', first),
    ...rest.map((sentence) => h('p', { class: 'lead' }, sentence)),
    h('p', { class: 'headline' }, [
      badge(outcome.headline),
      ` ${[...(judged === undefined ? [] : [judged]), `${count(Math.round(took * 10) / 10)} s`, sayRestored(restore)].join(' · ')}`,
    ]),
    ...(outcome.headline === 'PASSED' ? [] : [h('p', outcome.summary)]),
    ...(given.length === 0 ? [] : [h('p', { class: 'quiet' }, `with ${given.join(', ')}`)]),
  ]);
}

/** Expectations beyond the statuses, and what was seen of each. */
export function expectationBlock({ expectations = [] }: Verdict): readonly Element[] {
  if (expectations.length === 0) return [];
  return [
    section(
      'expectations',
      'What else was expected',
      table(
        ['expectation', 'phase', 'result', 'why'],
        expectations.map(({ phase, expectation, status, reason }) => [
          h('code', expectation),
          phase,
          status === 'not-met' ? h('strong', { class: 'odd' }, status) : status,
          reason,
        ]),
        { caption: 'Expectations' },
      ),
    ),
  ];
}

/** What the kernel’s log said of the table, most of it the same line again and again. */
export function kernelBlock({ kernelLog }: Extras): readonly ElementContent[] {
  const { lines, unattributed, unreadable } = kernelLog;
  const all = lines.length > 0 ? lines : unattributed;
  const said = lines.length > 0 || all.length === 0 ? '' : `: ${UNATTRIBUTED}`;
  const more = all.length - MOST_LINES;
  if (unreadable !== undefined) return [h('p', `The kernel’s log was not readable: ${unreadable}`)];
  if (all.length === 0) return [h('p', 'The kernel’s log has no line about the table.')];
  return [
    h('details', [
      h('summary', `The kernel’s log: ${count(all.length)} ${all.length === 1 ? 'line' : 'lines'}${said}`),
      h('pre', { tabIndex: 0 }, all.slice(0, MOST_LINES).join('\n')),
      ...(more > 0 ? [h('p', `and ${count(more)} more, in kernel.log`)] : []),
    ]),
  ];
}

/** What the run changed outside its lab, and whether that was put back. */
export function machineBlock(run: Run, { restore }: Verdict, made: readonly ChangeMade[]): Element {
  const outside = made.filter((each) => each.outside);
  const executed = run.ofType('executed').reduce((sum, { lines }) => sum + lines.length, 0);
  return section(
    'machine',
    'What was changed on the machine',
    ...(outside.length === 0
      ? [
          h(
            'p',
            'Nothing outside the lab. Its network namespaces, processes, rules and tables ended with it.',
          ),
        ]
      : [
          table(
            ['change', 'for', 'from', 'to'],
            outside.map((each) => [
              sayMade(each),
              each.cycle,
              seconds(each.at),
              each.undone === undefined ? '–' : seconds(each.undone),
            ]),
            { caption: 'Changes outside the lab' },
          ),
        ]),
    h('p', [
      'Restored: ',
      restore.status === 'complete'
        ? h('strong', { class: 'good' }, 'yes, and read back')
        : h('strong', { class: 'odd' }, restore.status),
      restore.status === 'unknown' ? ': the run was killed before it could say.' : '.',
    ]),
    ...(executed > 0
      ? [
          h(
            'p',
            { class: 'quiet' },
            `The history has all ${count(executed)} commands that were executed in the lab.`,
          ),
        ]
      : []),
  );
}

/** How to run it again, and on what it ran. */
export function rerunBlock(verdict: Verdict, { header }: Extras): Element {
  const why = explainCommand(header);
  const { squeeze, pace = 1, compressed, run } = verdict;
  const sizes = Object.entries(squeeze.got).map(([name, value]) => `${name} ${count(value)}`);
  return section(
    'rerun',
    'Run it again',
    command(rerunCommand(header)),
    ...(why === undefined ? [] : [h('p', 'Why it is so, and how to see it on a real node:'), command(why)]),
    facts([
      ['run', run === '' ? undefined : h('code', run)],
      ['seed', String(header.seed)],
      ['squeeze', [squeeze.kind, ...sizes].join(', ')],
      ['pace', pace > 1 ? `${count(pace)} × slower than the scenario says, for this machine` : undefined],
      ['compressed', compressed],
      ['note', header.protocol.note],
      ['user', header.privileged ? 'root' : 'not root'],
      ['versions', sayVersions(header.versions)],
    ]),
  );
}
