import { describe, expect, it } from 'vitest';
import type { ManifestObject } from '../../../../src/change/kubernetes-object.ts';
import type { NodeAsk } from '../../../../src/lab/kind/agent-rpc.ts';
import type { Objects } from '../../../../src/lab/kind/outside/api/objects.ts';
import { Updates } from '../../../../src/lab/kind/outside/changes/updates.ts';
import { updatesSchema } from '../../../../src/load/updates/schema.ts';
import type { EventOf, HistoryEvent } from '../../../../src/schema/history.ts';
import { topologySchema } from '../../../../src/schema/topology.ts';
import { orAborted } from '../../../../src/util/or-aborted.ts';
import { PROTOCOL } from '../../judge/history-builder.ts';
import { NEVER } from '../../support/never.ts';

const PHASE = { cycle: 'symptom', stage: 'fault' } as const;
const LOAD = updatesSchema.parse({
  ...{ kind: 'updates', service: 'statsd', pods: 'here', to: 'there' },
  ...{ updates: 4, seconds: 0.04, patience: 10, giveUp: 20 },
});
const pod = (set: string, ip: string) => ({ name: `${set}-0`, set, node: 'worker-1', ip });
const topology = topologySchema.parse({
  nodes: ['worker-1'],
  pods: { here: { replicas: 1, nodes: ['worker-1'] }, there: { replicas: 1, nodes: ['worker-1'] } },
  services: { statsd: { pods: 'here', port: 8125, app: 'udp-echo' } },
});

/** As the API server is given it. */
type Slice = ManifestObject & {
  readonly endpoints: readonly { readonly addresses: readonly string[] }[];
};

interface Story {
  readonly load?: Partial<typeof LOAD>;
  /** What the API server does with an update. */
  readonly apply?: () => Promise<void>;
  /** How long kube-proxy takes for an update. */
  readonly synced?: (update: number) => Promise<void>;
}

/** A cluster that writes down which pod each update names, and what kube-proxy is awaited for. */
function cluster({
  load = {},
  apply = () => Promise.resolve(),
  synced = () => Promise.resolve(),
}: Story = {}) {
  const slices: Slice[] = [];
  const asked: NodeAsk[] = [];
  const events: HistoryEvent[] = [];
  const state = { syncs: 10, updates: 0 };
  const objects: Pick<Objects, 'apply'> = {
    apply: (slice) => {
      slices.push(slice as Slice);
      return apply();
    },
  };
  const updates = new Updates({
    load: { ...LOAD, ...load },
    objects,
    namespace: 'tablefull-1',
    protocol: { ...PROTOCOL, topology },
    pods: [pod('here', '10.244.1.2'), pod('there', '10.244.2.3')],
    epoch: process.hrtime.bigint(),
    sink: (event) => events.push(event),
    ask: async (request, signal) => {
      asked.push(request);
      if (request.method === 'syncs') return state.syncs++;
      await orAborted(synced(++state.updates), signal);
      return undefined;
    },
  });
  const named = (): readonly string[] =>
    slices.flatMap(({ endpoints }) => endpoints.flatMap(({ addresses }) => addresses));
  /** How often each outcome came, and what each event was recorded of. */
  const outcomes = (): Record<string, number> =>
    Object.fromEntries(
      events.flatMap((event) => (event.type === 'outcomes' ? [[event.outcome, event.due.length]] : [])),
    );
  const offered = (): EventOf<'offered'> | undefined => events.find((event) => event.type === 'offered');
  return { updates, slices, asked, events, named, outcomes, offered };
}

describe('a demand of updates', () => {
  it('each update names one pod and then the other, and nothing of it is left to a controller', async () => {
    const { updates, slices, named } = cluster();
    await updates.offer(PHASE, NEVER);
    expect(named()).toEqual(['10.244.1.2', '10.244.2.3', '10.244.1.2', '10.244.2.3']);
    expect(slices[0]).toMatchObject({
      kind: 'EndpointSlice',
      metadata: {
        namespace: 'tablefull-1',
        labels: {
          'kubernetes.io/service-name': 'statsd',
          'endpointslice.kubernetes.io/managed-by': 'tablefull',
        },
      },
      ports: [{ name: 'udp', protocol: 'UDP', port: 7007 }],
    });
    expect(new Set(slices.map(({ metadata }) => metadata?.name)).size).toBe(1);
  });

  it('an update is over with the first sync of kube-proxy that came after it', async () => {
    const { updates, asked } = cluster({ load: { updates: 1 } });
    const since = Date.now() / 1000;
    await updates.offer(PHASE, NEVER);
    expect(asked).toMatchObject([{ method: 'syncs' }, { method: 'synced', before: 10 }]);
    const synced = asked.find(({ method }) => method === 'synced');
    expect(synced).toHaveProperty('since', expect.closeTo(since, 0));
  });

  it('a phase counts every update that was over, under its own name', async () => {
    const { updates, outcomes, events, offered } = cluster();
    await updates.offer(PHASE, NEVER);
    expect(outcomes()).toEqual({ ok: 4 });
    expect(offered()).toMatchObject({ unit: 'updates', count: 4 });
    expect(events.map((event) => 'phase' in event && event.phase)).toEqual([PHASE, PHASE]);
  });

  it('the slice is there before the first phase, and is not made again for the next one', async () => {
    const { updates, named, outcomes } = cluster();
    await updates.ready(NEVER);
    await updates.ready(NEVER);
    expect(named()).toEqual(['10.244.1.2']);
    expect(outcomes()).toEqual({});
    await updates.offer(PHASE, NEVER);
    expect(named().slice(0, 3)).toEqual(['10.244.1.2', '10.244.2.3', '10.244.1.2']);
  });

  it('an update that takes longer than patience has failed whoever waits for it', async () => {
    const { updates, outcomes } = cluster({
      load: { updates: 2, patience: 0.05 },
      synced: (update) => new Promise((resolve) => setTimeout(resolve, update === 1 ? 150 : 0)),
    });
    await updates.offer(PHASE, NEVER);
    expect(outcomes()).toEqual({ ok: 1, '(late) over after more than 0.05 s': 1 });
  });

  it('an update that never comes is given up, and the others are counted', async () => {
    const { updates, outcomes } = cluster({
      load: { updates: 2, giveUp: 0.2 },
      synced: (update) => (update === 1 ? new Promise(() => undefined) : Promise.resolve()),
    });
    await updates.offer(PHASE, NEVER);
    expect(outcomes()).toMatchObject({ ok: 1 });
    expect(Object.keys(outcomes()).some((outcome) => outcome.startsWith('(28)'))).toBe(true);
  });

  it('updates that the API server refuses fail the phase once all of them are over, and count as nothing', async () => {
    let refused = 0;
    const { updates, outcomes, offered } = cluster({
      apply: () => (++refused, Promise.reject(new Error('403 Forbidden'))),
    });
    await expect(updates.offer(PHASE, NEVER)).rejects.toThrow(/^403 Forbidden$/);
    expect(refused).toBe(4);
    expect([outcomes(), offered()]).toEqual([{}, undefined]);
  });

  it('updates end with the run, and none is under way then', async () => {
    const interrupted = new AbortController();
    let underWay = 0;
    const { updates, named } = cluster({
      load: { seconds: 20 },
      synced: () => {
        underWay++;
        interrupted.abort(new Error('SIGINT'));
        return new Promise(() => undefined);
      },
    });
    await expect(updates.offer(PHASE, interrupted.signal)).rejects.toThrow();
    expect([underWay, named().length]).toEqual([1, 1]);
  });

  it('a service that the topology does not have is named', () => {
    expect(() => cluster({ load: { service: 'graphite' } })).toThrow('graphite');
  });
});
