import { expect, it } from 'vitest';
import type { RunningChanges } from '../../../../src/agent/scheduled-changes.ts';
import type { LabOptions } from '../../../../src/lab/lab.ts';
import { PROTOCOL } from '../../judge/history-builder.ts';
import { fakeKindLab } from '../fake-labs.ts';
import { NEVER } from '../../support/never.ts';

const PHASE = { cycle: 'symptom', stage: 'fault' } as const;
const OPTIONS: LabOptions = {
  ...{ protocol: PROTOCOL, changes: [], squeeze: 'ballast', privileged: false, seed: 1, epoch: 0n },
  ...{ sink: () => undefined, onLeft: () => undefined, say: () => undefined, signal: NEVER },
};

/** A cluster whose API server makes a scheduled change at 0 once told, or refuses it. */
function cluster(made: Promise<void>) {
  const steps: string[] = [];
  const running: RunningChanges = {
    ready: made,
    stop: () => undefined,
    start: () => void steps.push('timers started'),
    made,
    [Symbol.asyncDispose]: () => Promise.resolve(void steps.push('undone')),
  };
  const changes = { apply: () => Promise.reject(new Error('not here')), begin: () => running };
  const { lab, log } = fakeKindLab(OPTIONS, { changes });
  return { phase: lab.phase(PHASE, { pace: 1, slack: 0 }, NEVER), log, steps };
}

const offers = (log: readonly string[]): readonly string[] => log.filter((line) => line.endsWith('offer'));

it('no agent offers before the API server’s changes at 0 are made; the time of the others begins then', async () => {
  const made = Promise.withResolvers<undefined>();
  const { phase, log, steps } = cluster(made.promise);
  await expect.poll(() => log).toEqual(['worker-1 phase begin', 'worker-2 phase begin']);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([offers(log), steps]).toEqual([[], []]);
  made.resolve(undefined);
  await phase;
  expect(offers(log)).toHaveLength(2);
  expect(steps).toEqual(['timers started', 'undone']);
});

it('no agent offers where the API server refuses a change at 0', async () => {
  const made = Promise.withResolvers<undefined>();
  const { phase, log, steps } = cluster(made.promise);
  made.reject(new Error('services "web" is forbidden'));
  await expect(phase).rejects.toThrow('services "web" is forbidden');
  expect([offers(log), steps]).toEqual([[], ['undone']]);
});
