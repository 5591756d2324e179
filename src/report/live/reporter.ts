import { h } from 'hastscript';
import { Run } from '../../history/run.ts';
import type { Talker } from '../../run/reporter.ts';
import type { HistoryEvent } from '../../schema/history.ts';
import type { Verdict } from '../../schema/verdict.ts';
import { changesMade } from '../changes-made.ts';
import type { Display } from '../display.ts';
import { cycleBlock } from '../html/cycle-block.ts';
import { htmlFragment } from '../html/document.ts';
import { logMarks } from '../html/log-marks.ts';
import { section } from '../html/parts.ts';
import { remedyId, remedyTables } from '../html/remedies.ts';
import { answerBlock } from '../html/run-sections.ts';
import { cyclesOf, SYMPTOM_CYCLE } from '../plot/story.ts';
import { progressOn } from '../progress.ts';
import type { LiveServer } from './server.ts';
import { stateOf } from './state.ts';

/** Least ms between two states: drawing costs the machine under test. */
const REDRAW = 250;

/**
 * Shows a run in browsers: what the terminal shows while it runs, the plots of each phase when it is over, and
 * the verdict.
 *
 * @param isLast whether no other attempt follows
 */
export function liveReporter(server: LiveServer, isLast: (verdict: Verdict) => boolean): Talker {
  let history: HistoryEvent[] = [];
  const progress = progressOn(displayOn(server), true);
  return {
    ...progress,
    event(event) {
      if (event.type === 'run') {
        server.forget();
        history = [];
        const { scenario, params, lab, kernel } = event;
        const given = Object.entries(params).map(([name, value]) => `${name}=${value}`);
        server.send({
          kind: 'run',
          key: '',
          data: [scenario, ...given, `${lab} lab`, `kernel ${kernel}`].join(' · '),
        });
      }
      history.push(event);
      progress.event?.(event);
      // Between two phases; and nobody pays for plots that nobody sees.
      if (event.type === 'phase' && event.edge === 'end' && server.isWatched)
        sendPlots(server, new Run(history), [event.phase.cycle]);
    },
    async end(verdict, extras) {
      await progress.end?.(verdict, extras);
      if (!isLast(verdict)) return;
      const run = new Run(history);
      sendPlots(
        server,
        run,
        cyclesOf(run).map(({ name }) => name),
        logMarks(run, extras.kernelLog),
      );
      const remedies =
        verdict.remedies.length === 0 ? [] : [section('remedies', 'Remedies', ...remedyTables(verdict))];
      server.send({
        kind: 'verdict',
        key: '',
        data: htmlFragment([
          answerBlock(verdict, extras.header),
          ...remedies,
          h('p', ['The run is over. Its report: ', h('code', verdict.run), '.']),
        ]),
      });
    },
  };
}

function displayOn(server: LiveServer): Display {
  let shown = -Infinity;
  return {
    say(t, line) {
      server.send({ kind: 'line', data: { t, line } });
    },
    talk(line) {
      server.send({ kind: 'line', data: { t: null, line } });
    },
    show(t, underway) {
      // A run’s clock begins again with each attempt.
      if (Math.abs(t - shown) < REDRAW) return;
      shown = t;
      server.send({ kind: 'state', key: '', data: stateOf(t, underway) });
    },
    close() {
      // The server outlives the run: the verdict follows.
    },
  };
}

function sendPlots(
  server: LiveServer,
  run: Run,
  cycles: readonly string[],
  log: Parameters<typeof cycleBlock>[3] = [],
): void {
  const made = changesMade(run);
  for (const name of cycles) {
    const plots = cycleBlock(run, name, made, log);
    const title = name === SYMPTOM_CYCLE ? 'The problem' : name;
    const html = htmlFragment([h('section', { id: remedyId(name) }, [h('h2', title), ...plots])]);
    if (plots.length > 0) server.send({ kind: 'plot', key: name, data: { name, html } });
  }
}
