import { expect, it } from 'vitest';
import { laterPods } from '../../../src/agent/service-endpoints.ts';
import { conntrackDelete } from '../../../src/remedy/conntrack-delete.ts';
import { problemsIn } from '../../../src/scenario/check.ts';
import { protocolSchema } from '../../../src/schema/protocol.ts';
import { PROTOCOL } from '../judge/history-builder.ts';

/** A protocol whose fault is followed by new endpoints of a service. */
function followedBy(service: string, pods?: string) {
  return protocolSchema.parse({
    ...PROTOCOL,
    fault: { kind: 'event', at: 0.5, change: { kind: 'flush', node: 'worker-1' } },
    aftermath: [
      {
        kind: 'event',
        at: 1.5,
        change: { kind: 'endpoints', service, ...(pods !== undefined && { pods }), grace: 0 },
      },
    ],
  });
}

it('what follows from a fault is checked as the fault is', () => {
  const known = Object.keys(PROTOCOL.remedies);
  expect(problemsIn(followedBy('wbe', 'app'), known)).toContainEqual(
    expect.objectContaining({ place: 'aftermath.0.change.service' }),
  );
});

it('the pods that follow are served before they are endpoints', () => {
  expect(laterPods(followedBy('web', 'app'))).toMatchObject([{ service: 'web', pods: 'app' }]);
});

it('stale entries are deleted once a service leads elsewhere, though that is not the fault itself', () => {
  expect(conntrackDelete.changes(followedBy('web'))).toMatchObject([{ kind: 'event', at: 1.51 }]);
});
