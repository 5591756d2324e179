import { expect, it } from 'vitest';
import { Observations } from '../../../src/judge/observations.ts';
import { slackOf } from '../../../src/judge/retry.ts';
import { topologySchema } from '../../../src/schema/topology.ts';
import { HistoryBuilder, MET, PROTOCOL } from './history-builder.ts';

/** @param latency ms of each answer of the baseline */
function slack(latency: number, delay?: number): number {
  const web = { pods: 'app', port: 80, app: 'echo', delay };
  const topology = topologySchema.parse({ ...PROTOCOL.topology, services: { web } });
  const history = new HistoryBuilder({ protocol: { topology } }).phase('symptom', 'baseline', MET).over();
  return slackOf(
    new Observations(
      history.map((event) =>
        event.type === 'outcomes' ? { ...event, latency: event.due.map(() => latency) } : event,
      ),
    ),
  );
}

it('clients wait longer by twice the slowest answer of the baseline, within limits', () => {
  expect(slack(300)).toBe(600);
  expect(slack(2)).toBe(50);
  expect(slack(4000)).toBe(5000);
});

it('does not take the time that the app takes on purpose for the machine’s', () => {
  expect(slack(2300, 2)).toBe(600);
});
