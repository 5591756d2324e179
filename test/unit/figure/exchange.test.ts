import { expect, it } from 'vitest';
import { figuresOf } from '../../../src/figure/compute.ts';
import { RecordedPhase, type PhaseEvent } from '../../../src/history/run.ts';
import { exchangeSchema } from '../../../src/load/exchange/schema.ts';
import { PROTOCOL } from '../judge/history-builder.ts';
import { PHASE } from './phase-figures.ts';

const demand = exchangeSchema.parse({
  kind: 'exchange',
  pods: 'app',
  service: 'web',
  protocol: 'udp',
  clients: 4,
  everyMs: 100,
  seconds: 0.2,
  patience: 1,
});

it('a client is stuck if its last question has no answer, whatever became of those before', () => {
  const ended = (outcome: string, due: number[]): PhaseEvent => ({
    ...{ type: 'outcomes', t: 2000, phase: PHASE, unit: 'exchanges', outcome },
    due,
    latency: due.map(() => 1),
  });
  const figures = figuresOf(
    // The first client's second answer is there before the others' first failures are known.
    new RecordedPhase(
      PHASE,
      [ended('ok', [100, 125, 150]), ended('(28) Operation timed out', [0, 25, 50, 75, 175])],
      [],
    ),
    { ...PROTOCOL, demand },
  );
  expect(figures['clients.stuck']).toBe(1 / 4);
});
