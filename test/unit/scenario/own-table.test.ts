import { expect, it } from 'vitest';
import { cannot } from '../../../src/lab/kind/abilities.ts';
import { unsound } from '../../../src/scenario/sound.ts';
import { protocolSchema, type Protocol } from '../../../src/schema/protocol.ts';
import { PROTOCOL } from '../judge/history-builder.ts';

/** A service of this app, whose one pod's own table is sampled. */
function serving(app: string): Protocol {
  const { topology } = PROTOCOL;
  const pods = { ...topology.pods, served: { replicas: 1, nodes: ['worker-1'], ownTable: true } };
  const services = { ...topology.services, served: { pods: 'served', port: 80, app } };
  return protocolSchema.parse({ ...PROTOCOL, topology: { ...topology, pods, services } });
}

it('a pod that is replaced between phases can’t have its own table sampled', () => {
  expect(unsound(serving('boom-pod'))).toEqual([
    {
      place: 'topology.pods.served.ownTable',
      why: 'the pods of served crash and are replaced between phases, and their tables with them; leave out ownTable, or use app: boom-server',
    },
  ]);
});

it('any other pod can', () => {
  expect(unsound(serving('boom-server'))).toEqual([]);
});

it('a cluster’s DNS pods can’t: a change of their Corefile exchanges them', () => {
  expect(cannot(serving('dns'))).toBe('ownTable of DNS pods is not supported on --lab kind yet');
  expect(cannot(serving('echo'))).toBeUndefined();
});
