import { describe, expect, it } from 'vitest';
import type { Api } from '../../../../src/lab/kind/outside/api/api.ts';
import { Selections } from '../../../../src/lab/kind/outside/changes/selections.ts';
import { topologySchema } from '../../../../src/schema/topology.ts';
import { isNotRestored } from '../../../../src/util/not-restored.ts';
import { failureOf } from '../../failure-of.ts';

const topology = topologySchema.parse({
  nodes: ['worker-1'],
  pods: { old: { replicas: 1, nodes: ['worker-1'] }, new: { replicas: 1, nodes: ['worker-1'] } },
  services: { web: { pods: 'old', port: 80, app: 'http' } },
});
const to = (pods: string) => ({ kind: 'endpoints', service: 'web', pods, grace: 0 }) as const;

/** A cluster of one service, which writes down what is done to it, in order; a line in `failing` is refused. */
function cluster() {
  const log: string[] = [];
  const failing = new Set<string>();
  const step = (line: string): Promise<void> => {
    log.push(line);
    return failing.has(line) ? Promise.reject(new Error(`${line} refused`)) : Promise.resolve();
  };
  const api: Pick<Api, 'selectPods'> = {
    selectPods: (namespace, service, pods) => step(`${namespace}/${service} selects ${pods}`),
  };
  const selections = new Selections(
    api,
    'tablefull-1',
    { topology },
    {
      known: (_, pods) => step(`${pods} known`),
      onNodes: async ({ pods }) => {
        await step(`cut off for ${pods}`);
        return { undo: () => step(`back from ${pods}`) };
      },
      record: (action, _, cycle, { node, before, after }) => {
        log.push(`${action} ${cycle} of ${node}: ${JSON.stringify(before)} to ${JSON.stringify(after)}`);
      },
    },
  );
  return { selections, log, failing };
}

describe('the set of pods that a service selects', () => {
  it('the API server selects, kube-proxy follows, and only then are the old pods cut off; undone in reverse', async () => {
    const { selections, log } = cluster();
    const { undo } = await selections.select(to('new'), 'symptom');
    expect(log.splice(0)).toEqual([
      'tablefull-1/web selects new',
      'apply symptom of cluster: {"web":"old"} to {"web":"new"}',
      'new known',
      'cut off for new',
    ]);
    await undo();
    expect(log).toEqual([
      'back from new',
      'tablefull-1/web selects old',
      'undo symptom of cluster: {"web":"new"} to {"web":"old"}',
      'old known',
    ]);
  });

  it('a service without endpoints selects what no pod is, and its pods again when that is undone', async () => {
    const { selections, log } = cluster();
    const { undo } = await selections.select({ kind: 'endpoints', service: 'web', grace: 0 }, 'symptom');
    await undo();
    expect(log.filter((line) => line.includes('selects'))).toEqual([
      'tablefull-1/web selects nobody',
      'tablefull-1/web selects old',
    ]);
  });

  it('no pod is cut off where kube-proxy does not follow, and the service selects the old pods again', async () => {
    const { selections, log, failing } = cluster();
    failing.add('new known');
    await expect(selections.select(to('new'), 'symptom')).rejects.toThrow('new known refused');
    expect(log.filter((line) => /selects|cut/.test(line))).toEqual([
      'tablefull-1/web selects new',
      'tablefull-1/web selects old',
    ]);
  });

  it('the service selects the old pods again where the nodes can’t cut them off', async () => {
    const { selections, log, failing } = cluster();
    failing.add('cut off for new');
    await expect(selections.select(to('new'), 'symptom')).rejects.toThrow('cut off for new refused');
    expect(log.slice(-3)).toEqual([
      'tablefull-1/web selects old',
      'undo symptom of cluster: {"web":"new"} to {"web":"old"}',
      'old known',
    ]);
  });

  it('a selection that the API server refuses is undone all the same, and no undo is recorded', async () => {
    const { selections, log, failing } = cluster();
    failing.add('tablefull-1/web selects new');
    await expect(selections.select(to('new'), 'symptom')).rejects.toThrow('selects new refused');
    expect(log).toEqual(['tablefull-1/web selects new', 'tablefull-1/web selects old', 'old known']);
  });

  it('a selection on top of another goes back to that one', async () => {
    const { selections, log } = cluster();
    const first = await selections.select(to('new'), 'one');
    const second = await selections.select(to('old'), 'other');
    log.length = 0;
    await second.undo();
    await first.undo();
    expect(log.filter((line) => line.includes('selects'))).toEqual([
      'tablefull-1/web selects new',
      'tablefull-1/web selects old',
    ]);
  });

  it('an undo that the API server refuses says "not restored", and tries only that again', async () => {
    const { selections, log, failing } = cluster();
    const { undo } = await selections.select(to('new'), 'symptom');
    failing.add('tablefull-1/web selects old');
    log.length = 0;
    expect(isNotRestored(await failureOf(undo()))).toBe(true);
    failing.clear();
    await undo();
    expect(log).toEqual([
      'back from new',
      'tablefull-1/web selects old',
      'tablefull-1/web selects old',
      'undo symptom of cluster: {"web":"new"} to {"web":"old"}',
      'old known',
    ]);
  });
});
