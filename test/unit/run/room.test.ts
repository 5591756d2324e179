import { expect, it } from 'vitest';
import type { Plan, RunContext } from '../../../src/run/plan.ts';
import { run } from '../../../src/run/run.ts';
import type { Untimed } from '../../../src/schema/history.ts';
import { PROTOCOL } from '../judge/history-builder.ts';

it('a run whose fault needs more memory for buckets than there is opens no lab', async () => {
  const protocol = { ...PROTOCOL, fault: { kind: 'buckets', times: 1000 } } as const;
  const noted: Untimed[] = [];
  const context: Partial<RunContext> = {
    openLab: () => Promise.reject(new Error('opened')),
    note: (event) => noted.push(event),
    room: { memory: () => 2 ** 30, buckets: () => 262_144 },
    cannot: () => undefined,
  };
  const plan: Plan = {
    ...{ protocol, control: false, remedies: [], remediesNamed: false, singlePass: false },
    squeeze: 'ballast',
    ...{ privileged: true, seed: 1, pace: 1, labs: 1, epoch: 0n },
  };
  await run(plan, context as RunContext);
  const reason = 'nf_conntrack_buckets 262,144,000 takes 2 GiB of kernel memory; 1 GiB is available';
  expect(noted).toEqual([{ type: 'not-judged', cycle: 'symptom', status: 'skipped', reason }]);
});
