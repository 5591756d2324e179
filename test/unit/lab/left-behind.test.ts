import { describe, expect, it } from 'vitest';
import type { Lab, LabOptions } from '../../../src/lab/lab.ts';
import type { Change } from '../../../src/change/index.ts';
import { defineScenario, type Scenario } from '../../../src/scenario/define.ts';
import { fakeLab, TOY } from '../cli/cli.ts';
import { run } from '../cli/run.ts';
import { fakeKindLab, fakeNetnsLab, type Failing, type Story } from './fake-labs.ts';
import { PROTOCOL } from '../judge/history-builder.ts';
import { NEVER } from '../support/never.ts';

const LIBERAL: Change = {
  kind: 'sysctl',
  node: 'all',
  name: 'net.netfilter.nf_conntrack_tcp_be_liberal',
  value: 1,
};
const COMMAND: Change = { kind: 'command', node: 'worker-1', run: ['a'], undo: ['b'], check: ['c'] };
const LEFT = { error: 'not restored: found "0", now "1"', notRestored: true };

const protocolOf = (scenario: Scenario) =>
  scenario.protocol({}, { kernel: [6, 18], squeeze: 'ballast', privileged: false });

/** Fails the first requests of this method. */
const failingAt =
  (method: string, { times = Infinity, on = 'worker-1' } = {}): Failing =>
  (node, request) =>
    request.method === method && (node === on || node === 'sandbox') && times-- > 0 ? LEFT : undefined;

function options(left: string[]): LabOptions {
  return {
    protocol: PROTOCOL,
    changes: [],
    squeeze: 'ballast',
    privileged: false,
    seed: 1,
    epoch: 0n,
    sink: () => undefined,
    onLeft: (what) => left.push(what),
    say: () => undefined,
    signal: NEVER,
  };
}

function kind(story: Story) {
  const left: string[] = [];
  return { left, ...fakeKindLab(options(left), story) };
}

describe('an undo that fails on a cluster that is kept', () => {
  it('is tried again when the lab is closed, and what then remains is told', async () => {
    const { lab, left, log } = kind({ failing: failingAt('undo') });
    const { undo } = await lab.apply(LIBERAL, 'be-liberal', NEVER);
    await expect(undo()).rejects.toThrow('worker-1: not restored: found "0", now "1"');
    await lab[Symbol.asyncDispose]();
    expect(left).toEqual(['be-liberal: worker-1: not restored: found "0", now "1"']);
    expect(log.filter((line) => line.endsWith('undo'))).toEqual([
      ...['worker-2 undo', 'worker-1 undo'],
      // Only what is not undone yet.
      'worker-1 undo',
    ]);
    expect(log.at(-1)).toBe('nodes, namespace and cluster taken down');
  });

  it('leaves nothing where it works when the lab is closed', async () => {
    const { lab, left } = kind({ failing: failingAt('undo', { times: 1 }) });
    const { undo } = await lab.apply(LIBERAL, 'be-liberal', NEVER);
    await expect(undo()).rejects.toThrow('not restored');
    await lab[Symbol.asyncDispose]();
    expect(left).toEqual([]);
  });

  it('is told where a node refused the change and another could not go back', async () => {
    const { lab, left } = kind({
      failing: (node, { method }) => {
        if (method === 'apply' && node === 'worker-2') return { error: 'EINVAL' };
        return method === 'undo' ? LEFT : undefined;
      },
    });
    await expect(lab.apply(LIBERAL, 'be-liberal', NEVER)).rejects.toThrow('EINVAL; worker-1: not restored');
    await lab[Symbol.asyncDispose]();
    expect(left).toEqual(['be-liberal: worker-1: not restored: found "0", now "1"']);
  });

  it('is told where an agent could not undo what it had refused to make', async () => {
    const { lab, left } = kind({ failing: failingAt('apply') });
    await expect(lab.apply(COMMAND, 'own', NEVER)).rejects.toThrow('not restored');
    await lab[Symbol.asyncDispose]();
    expect(left).toEqual(['own: not restored: found "0", now "1"']);
  });

  it('is told where it was of a change within a phase', async () => {
    const failing: Failing = (node, request) =>
      request.method === 'phase' && request.step === 'end' && node === 'worker-2' ? LEFT : undefined;
    const { lab, left } = kind({ failing });
    const phase = { cycle: 'symptom', stage: 'fault' } as const;
    await expect(lab.phase(phase, { pace: 1, slack: 0 }, NEVER)).rejects.toThrow('not restored');
    expect(left).toEqual(['symptom: not restored: found "0", now "1"']);
  });

  it('is left to the guardian where the agent is gone, but for what a command did', async () => {
    const { lab, left, links } = kind({});
    const applied = [await lab.apply(LIBERAL, 'be-liberal', NEVER), await lab.apply(COMMAND, 'own', NEVER)];
    links[0]?.lose();
    for (const { undo } of applied) await expect(undo()).rejects.toThrow('the agent on worker-1 is gone');
    await lab[Symbol.asyncDispose]();
    expect(left).toEqual(['own: not restored: worker-1: the agent on worker-1 is gone']);
  });
});

describe('an undo that fails', () => {
  it.each(['on a cluster that is deleted', 'in the embedded lab'])(
    'is told %s only of a command: the lab takes everything else along',
    async (where) => {
      const left: string[] = [];
      const story = { failing: failingAt('undo'), kept: false };
      const { lab } = where.endsWith('lab')
        ? fakeNetnsLab(options(left), story)
        : fakeKindLab(options(left), story);
      for (const [change, cycle] of [[LIBERAL, 'be-liberal'] as const, [COMMAND, 'own'] as const]) {
        const { undo } = await lab.apply(change, cycle, NEVER);
        await expect(undo()).rejects.toThrow('not restored');
      }
      await lab[Symbol.asyncDispose]();
      expect(left).toEqual([expect.stringMatching(/^own: .*not restored: found "0", now "1"/)]);
    },
  );

  it('is the lab’s to tell also where it was of a preparation, which most labs take along', async () => {
    const prepared = defineScenario({
      ...{ name: 'toy', summary: TOY.summary, params: {} },
      protocol: () => ({ ...protocolOf(TOY), prepare: [{ kind: 'invalid-rule', node: 'worker-1' }] }),
    });
    const { code, deeds, verdict } = await run({
      words: ['--remedy', 'none'],
      mishap: () => (deed) => {
        if (deed === 'undo invalid-rule') throw new Error('not restored');
      },
      context: () => ({ scenarios: [prepared] }),
    });
    expect(deeds.slice(-2)).toEqual(['undo invalid-rule', 'down']);
    expect([code, verdict?.restore]).toEqual([0, { status: 'complete', left: [] }]);
  });

  it('ends the run with code 3, whatever it found', async () => {
    const open = async (given: LabOptions): Promise<Lab> => {
      // The phases and events of a lab that shows the symptom.
      const seen = await fakeLab().open(given);
      const { lab } = fakeKindLab(given, { failing: failingAt('undo') });
      return {
        lost: lab.lost,
        shells: () => [],
        reserve: (changes, signal) => seen.reserve(changes, signal),
        clear: (signal) => lab.clear(signal),
        capacity: (load, signal) => seen.capacity(load, signal),
        phase: (phase, conditions, signal) => seen.phase(phase, conditions, signal),
        apply: (change, cycle, signal) =>
          change.kind === 'sysctl' ? lab.apply(change, cycle, signal) : seen.apply(change, cycle, signal),
        [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
      };
    };
    const { code, stdout, verdict } = await run({
      words: ['--remedy', 'be-liberal'],
      context: () => ({ labs: [{ ...fakeLab(), open }] }),
    });
    expect(verdict?.restore).toEqual({
      status: 'incomplete',
      left: ['be-liberal: worker-1: not restored: found "0", now "1"'],
    });
    expect(verdict?.remedies[0]).toMatchObject({ status: 'inconclusive' });
    expect(stdout).toMatch(/^NOT RESTORED/);
    expect(code).toBe(3);
  });
});

describe('a lab that is closed', () => {
  it('takes down everything else where the machine’s limit can’t be put back', async () => {
    const { lab, log } = kind({ limitFails: true });
    await expect(lab[Symbol.asyncDispose]()).rejects.toThrow('nf_conntrack_max is 7');
    expect(log).toEqual(['limit put back', 'nodes, namespace and cluster taken down']);
  });

  it('puts the machine’s limit back where its sandbox does not end', async () => {
    const { lab, log } = fakeNetnsLab(options([]), { sandboxFails: true });
    await expect(lab[Symbol.asyncDispose]()).rejects.toThrow('kill EPERM');
    expect(log).toEqual(['sandbox ended', 'limit put back']);
  });
});
