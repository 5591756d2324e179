import { describe, expect, it } from 'vitest';
import { AppliedChanges } from '../../../../src/agent/applied-changes.ts';
import type { Message } from '../../../../src/agent/rpc.ts';
import { applyChange, type Change, type LabChanges, type LabTarget } from '../../../../src/change/index.ts';
import { restorable } from '../../../../src/change/restorable.ts';
import { BEFORE } from '../../../../src/host/fake-host.ts';
import { nodeRequestSchema, type NodeAsk, type NodeRequest } from '../../../../src/lab/kind/agent-rpc.ts';
import type { Api } from '../../../../src/lab/kind/outside/api/api.ts';
import { otherNodes } from '../../../../src/lab/kind/outside/changes/other-nodes.ts';
import { ClusterChanges } from '../../../../src/lab/kind/outside/changes/cluster-changes.ts';
import type { KubeProxy } from '../../../../src/lab/kind/outside/kube-proxy.ts';
import { NodeAgents } from '../../../../src/lab/kind/outside/node-agents.ts';
import type { Deployed } from '../../../../src/lab/kind/outside/workloads/workloads.ts';
import type { LabOptions } from '../../../../src/lab/lab.ts';
import type { HistoryEvent } from '../../../../src/schema/history.ts';
import { topologySchema } from '../../../../src/schema/topology.ts';
import { isNotRestored } from '../../../../src/util/not-restored.ts';
import { answersOf, deliverOnDemand, linkTo, UP } from '../../agent/link.ts';
import { MemoryHosts, obeying, refusing } from '../../host/memory-hosts.ts';
import { PROTOCOL } from '../../judge/history-builder.ts';
import { failureOf } from '../../failure-of.ts';
import { NEVER } from '../../support/never.ts';
import { stub } from '../../support/stub.ts';

const LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal';
const NODES = ['worker-1', 'worker-2', 'worker-3'] as const;
const liberal = (node: string): Change => ({ kind: 'sysctl', node, name: LIBERAL, value: 1 });
const NEW_PODS = { kind: 'endpoints', service: 'web', pods: 'new', grace: 0 } as const;
const topology = topologySchema.parse({
  nodes: [...NODES],
  pods: { old: { replicas: 1, nodes: ['worker-1'] }, new: { replicas: 1, nodes: ['worker-2'] } },
  services: { web: { pods: 'old', port: 80, app: 'http' } },
});

/** A cluster whose nodes are hosts in memory, each behind an agent of its own; every step of it is in the log. */
async function cluster({ interrupted = NEVER }: { interrupted?: AbortSignal } = {}) {
  const log: string[] = [];
  const events: HistoryEvent[] = [];
  const hosts = new MemoryHosts();
  const command = Promise.withResolvers<undefined>();
  const sink = (event: HistoryEvent): void => {
    events.push(event);
  };

  /** What an agent's changes act on: its host, and the pods that it cuts off. */
  const targetOf = (node: string): LabTarget => {
    const host = hosts.get(node);
    const cut = `${node} cut off`;
    const byLab: LabChanges = {
      endpoints: () =>
        restorable([
          {
            name: node,
            read: () => host.readSysctl(cut),
            make: () => (log.push(cut), host.writeSysctl(cut, '1')),
            restore: () => (log.push(`${node} back`), host.writeSysctl(cut, BEFORE)),
          },
        ]),
    };
    return stub<LabTarget>({ nodes: () => [host], byLab });
  };

  const agentOn = (node: string) => {
    const work = (say: (message: Message) => void) => {
      const answers = answersOf(say, ({ now, emit, deliver }) => {
        const applied = new AppliedChanges(
          async (change) => {
            if (change.kind === 'command') await command.promise;
            return change.kind === 'command'
              ? { readings: [], undo: () => Promise.resolve([]) }
              : applyChange(change, targetOf(node));
          },
          [],
          (event) => {
            emit({ ...event, t: now() });
            deliver();
          },
        );
        return {
          apply: (change, cycle) => applied.apply(change, cycle),
          undo: (id) => applied.undo(id),
        };
      });
      return (request: NodeRequest): unknown => {
        if (request.method === 'up' || request.method === 'apply' || request.method === 'undo')
          return answers.answer(request);
        const leads =
          request.method === 'programmed' ? ` ${request.address} to ${request.ips.join(' ')}` : '';
        log.push(`${node} ${request.method}${leads}`);
        say({ id: request.id });
        return undefined;
      };
    };
    const { asked, lose } = linkTo<NodeAsk>(nodeRequestSchema, work, sink);
    const ask = (request: NodeAsk, signal: AbortSignal) => asked.ask(request, signal);
    return { node, lost: asked.lost, ask, lose };
  };

  const links = NODES.map(agentOn);
  const agents = new NodeAgents();
  agents.are(links);
  await agents.all(UP, NEVER);
  const api: Pick<Api, 'selectPods'> = {
    selectPods: (_, service, pods) => Promise.resolve(void log.push(`${service} selects ${pods}`)),
  };
  const kubeProxy: Pick<KubeProxy, 'change'> = {
    change: () => {
      log.push('kube-proxy restarted');
      return Promise.resolve({
        readings: [{ node: 'cluster', before: 'running', after: 'restarted' }],
        undo: () => Promise.resolve([]),
      });
    },
  };
  const options: LabOptions = {
    protocol: { ...PROTOCOL, topology },
    ...{ changes: [], squeeze: 'ballast', privileged: false, seed: 1, epoch: 0n, sink, signal: interrupted },
    onLeft: () => undefined,
    say: () => undefined,
  };
  const pods = [
    { name: 'old-0', set: 'old', node: 'worker-1', ip: '10.244.1.2' },
    { name: 'new-0', set: 'new', node: 'worker-2', ip: '10.244.2.3' },
  ];
  const found = stub<Deployed['found']>({ pods, services: { web: '10.96.0.7' } });
  const deployed = stub<Deployed>({ found, nodes: new Map(), image: '' });
  const changes = new ClusterChanges({
    ...{ options, agents, deployed, namespace: 'tablefull-1' },
    api: stub<Api>(api),
    kubeProxy: stub<KubeProxy>(kubeProxy),
    manifests: { remember: () => Promise.resolve(), others: otherNodes([]) },
  });
  /** What was recorded of changes, in order: by whom, and of what. */
  const records = (): readonly string[] =>
    events.flatMap((event) => (event.type === 'change' ? [`${event.action} ${event.node}`] : []));
  const values = (): readonly string[] => NODES.map((node) => hosts.get(node).readSysctl(LIBERAL));
  return { changes, hosts, log, events, records, values, links, command };
}

deliverOnDemand();

describe('a change that the nodes of a cluster make', () => {
  it('a change of every node is recorded once a node, and undone on the last node first', async () => {
    const { changes, records, values } = await cluster();
    const { undo } = await changes.apply(liberal('all'), 'be-liberal', NEVER);
    expect(values()).toEqual(['1', '1', '1']);
    await undo();
    expect(values()).toEqual([BEFORE, BEFORE, BEFORE]);
    expect(records()).toEqual([
      ...NODES.map((node) => `apply ${node}`),
      ...NODES.toReversed().map((node) => `undo ${node}`),
    ]);
  });

  it('a change that one node refuses is undone on the others, and those after it are not asked', async () => {
    const { changes, hosts, records, values } = await cluster();
    refusing(hosts.get('worker-2'), `${LIBERAL}=1`, 'Invalid argument');
    await expect(changes.apply(liberal('all'), 'be-liberal', NEVER)).rejects.toThrow('Invalid argument');
    expect(values()).toEqual([BEFORE, BEFORE, BEFORE]);
    expect(records()).toEqual(['apply worker-1', 'undo worker-1']);
  });

  it('a change of one node leaves the others alone', async () => {
    const { changes, records, values } = await cluster();
    await (await changes.apply(liberal('worker-2'), 'be-liberal', NEVER)).undo();
    expect(records()).toEqual(['apply worker-2', 'undo worker-2']);
    expect(values()).toEqual([BEFORE, BEFORE, BEFORE]);
  });

  it('a node that is not there is named, with those that are', async () => {
    const { changes } = await cluster();
    await expect(changes.apply(liberal('worker-9'), 'be-liberal', NEVER)).rejects.toThrow(
      /worker-9.*worker-1, worker-2, worker-3/,
    );
  });

  it('an undo that one node refuses names the node and says "not restored"; the next undo tries only that node', async () => {
    const { changes, hosts, values, records } = await cluster();
    const { undo } = await changes.apply(liberal('all'), 'be-liberal', NEVER);
    refusing(hosts.get('worker-2'), LIBERAL);
    const failure = await failureOf(undo());
    expect(failure).toHaveProperty('message', expect.stringMatching(/^worker-2: .*Operation not permitted/));
    expect(isNotRestored(failure)).toBe(true);
    expect(values()).toEqual([BEFORE, '1', BEFORE]);
    obeying(hosts.get('worker-2'));
    await undo();
    expect(values()).toEqual([BEFORE, BEFORE, BEFORE]);
    expect(records().filter((record) => record.startsWith('undo'))).toEqual(
      ['worker-3', 'worker-1', 'worker-2'].map((node) => `undo ${node}`),
    );
  });

  it('a change fails where an agent is lost, and is undone on the nodes whose agents are there', async () => {
    const { changes, links, values } = await cluster();
    links[1]?.lose('the agent on worker-2 is gone');
    await expect(changes.apply(liberal('all'), 'be-liberal', NEVER)).rejects.toThrow('worker-2 is gone');
    expect(values()).toEqual([BEFORE, BEFORE, BEFORE]);
  });

  it('a command that is under way is waited for where the run is interrupted, so that it can be undone', async () => {
    const { changes, command } = await cluster();
    const interrupted = new AbortController();
    const run: Change = { kind: 'command', node: 'worker-1', run: ['a'], undo: ['b'], check: ['c'] };
    const applying = changes.apply(run, 'own', interrupted.signal);
    interrupted.abort(new Error('SIGINT'));
    command.resolve(undefined);
    await (await applying).undo();
    await expect(changes.apply(liberal('all'), 'be-liberal', interrupted.signal)).rejects.toThrow('SIGINT');
  });
});

describe('a change that the API server of a cluster makes', () => {
  it('the API server makes its part first, the nodes theirs after it, and both are undone in reverse', async () => {
    const { changes, log, records } = await cluster();
    const { undo } = await changes.apply(NEW_PODS, 'symptom', NEVER);
    expect(log.splice(0)).toEqual([
      'web selects new',
      ...NODES.map((node) => `${node} programmed 10.96.0.7 to 10.244.2.3`),
      ...NODES.map((node) => `${node} cut off`),
    ]);
    await undo();
    expect(log).toEqual([
      ...NODES.toReversed().map((node) => `${node} back`),
      'web selects old',
      ...NODES.map((node) => `${node} programmed 10.96.0.7 to 10.244.1.2`),
    ]);
    expect(records()).toEqual([
      ...['cluster', ...NODES].map((node) => `apply ${node}`),
      ...[...NODES.toReversed(), 'cluster'].map((node) => `undo ${node}`),
    ]);
  });

  it('where one node can’t do its part, the others’ and then the API server’s are undone', async () => {
    const { changes, hosts, log, records } = await cluster();
    refusing(hosts.get('worker-2'), 'cut off=1', 'no such link');
    await expect(changes.apply(NEW_PODS, 'symptom', NEVER)).rejects.toThrow('no such link');
    expect(log.filter((line) => /back|selects/.test(line))).toEqual([
      'web selects new',
      // What it refused may have been half done.
      'worker-2 back',
      'worker-1 back',
      'web selects old',
    ]);
    expect(records().slice(-2)).toEqual(['undo worker-1', 'undo cluster']);
  });

  it('a scheduled change is made in every phase until it is undone, and undone with each', async () => {
    const { changes, log } = await cluster();
    const scheduled = await changes.apply({ kind: 'event', at: 0, change: NEW_PODS }, 'symptom', NEVER);
    expect(log).toEqual([]);
    for (const cycle of ['symptom', 'placebo']) {
      await using happening = changes.begin(cycle, 1);
      await happening.made;
    }
    const selections = (): readonly string[] => log.filter((line) => line.includes('selects'));
    const once = ['web selects new', 'web selects old'];
    expect(selections()).toEqual([...once, ...once]);
    await scheduled.undo();
    await using nothing = changes.begin('later', 1);
    await nothing.made;
    expect(selections()).toHaveLength(4);
  });

  it('a scheduled restart of kube-proxy is armed on the nodes as well, and on none where one refuses', async () => {
    const restart: Change = { kind: 'event', at: 0, change: { kind: 'kube-proxy', set: {} } };
    const { changes, records, log } = await cluster();
    const { undo } = await changes.apply(restart, 'symptom', NEVER);
    expect(records()).toEqual(['apply lab', 'apply lab', 'apply lab']);
    await undo();
    expect(records().slice(3)).toEqual(['undo lab', 'undo lab', 'undo lab']);
    const other = await cluster();
    other.links[2]?.lose('the agent on worker-3 is gone');
    await expect(other.changes.apply(restart, 'symptom', NEVER)).rejects.toThrow('worker-3 is gone');
    await using nothing = other.changes.begin('later', 1);
    await nothing.made;
    expect([log, other.log]).toEqual([[], []]);
  });
});
