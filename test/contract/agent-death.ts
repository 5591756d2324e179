import { describe, expect, it } from 'vitest';
import { EVERY_NODE, type ChangeOf } from '../../src/change/index.ts';
import type { Lab, LabOptions } from '../../src/lab/lab.ts';
import type { HistoryEvent } from '../../src/schema/history.ts';
import boom from '../../scenarios/boom.ts';

const ICMP: ChangeOf<'sysctl'> = {
  kind: 'sysctl',
  node: EVERY_NODE,
  name: 'net.netfilter.nf_conntrack_icmp_timeout',
  value: 31,
};
const GONE = /is gone/;
const PATIENCE = { timeout: 30_000, interval: 20 };

/** A lab of which one agent can be killed. */
export interface MortalLab {
  readonly lab: Lab;
  /** The node of the agent that dies. */
  readonly victim: string;
  /** Nodes whose agents outlive it. */
  readonly survivors: readonly string[];
  /** Words before a command that have it run with the node's own programs. */
  readonly inNode?: readonly string[];
  /** Names of the programs that the victim's agent runs. */
  readonly programs: () => Promise<readonly string[]>;
  readonly kill: () => Promise<void>;
  /** What still is of all that the agents began or changed. */
  readonly remains: () => Promise<readonly string[]>;
}

export type OpenMortal = (options: LabOptions) => Promise<MortalLab>;

/** What every lab with agents does when one of them dies: run against agents in memory, the embedded lab and kind. */
export function agentDeathContract(name: string, privileged: boolean, open: OpenMortal): void {
  async function opened() {
    const events: HistoryEvent[] = [];
    const left: string[] = [];
    const { signal } = new AbortController();
    const mortal = await open({
      protocol: boom.protocol({}, { kernel: [6, 1], squeeze: 'ballast', privileged }),
      ...{ changes: [], squeeze: 'ballast', privileged, seed: 1, epoch: process.hrtime.bigint(), signal },
      sink: (event) => events.push(event),
      onLeft: (what) => left.push(what),
      say: () => undefined,
    });
    const { lab, victim, survivors, inNode = [] } = mortal;
    const words = (...all: readonly string[]): [string, ...string[]] => {
      const [first = '', ...rest] = [...inNode, ...all];
      return [first, ...rest];
    };
    const command = (...run: readonly string[]): ChangeOf<'command'> => ({
      ...{ kind: 'command', node: victim, run: words(...run) },
      ...{ undo: words('true'), check: words('true') },
    });
    const nodesOf = (action: 'apply' | 'undo'): readonly string[] =>
      events.flatMap((event) =>
        event.type === 'change' && event.action === action && survivors.includes(event.node)
          ? [event.node]
          : [],
      );
    /** Kills the agent, and closes the lab after everything else has been undone. */
    const dies = async (during: Promise<unknown>, undos: readonly (() => Promise<void>)[]): Promise<void> => {
      const failed = expect(during).rejects.toThrow(GONE);
      await mortal.kill();
      await failed;
      expect(lab.lost.aborted).toBe(true);
      for (const undo of undos.toReversed()) await expect(undo()).rejects.toThrow(GONE);
      expect(nodesOf('undo').toSorted()).toEqual(nodesOf('apply').toSorted());
      await lab[Symbol.asyncDispose]();
      await expect.poll(mortal.remains, PATIENCE).toEqual([]);
    };
    return { ...mortal, events, left, signal, command, dies };
  }

  describe(`an agent of the lab ${name} that dies`, () => {
    it('in the middle of a phase ends it on the others, and the lab names what isn’t restored', async () => {
      const { lab, events, left, signal, command, dies } = await opened();
      const applied = [
        await lab.apply(ICMP, 'placebo', signal),
        await lab.apply(command('true'), 'own', signal),
      ];
      const phase = lab.phase({ cycle: 'symptom', stage: 'fault' }, { pace: 1, slack: 0 }, signal);
      await expect.poll(() => events.some(({ type }) => type === 'phase'), PATIENCE).toBe(true);
      await dies(
        phase,
        applied.map(({ undo }) => undo),
      );
      // The sysctl is undone with the agent's node; what a command did is not known.
      expect(left).toEqual([expect.stringMatching(/^own: not restored: .*is gone/)]);
    });

    it('in the middle of an apply has the others undo it, and the lab names what isn’t restored', async () => {
      const { lab, left, signal, command, dies, programs } = await opened();
      const { undo } = await lab.apply(ICMP, 'placebo', signal);
      const applying = lab.apply({ ...command('sleep', '600'), node: EVERY_NODE }, 'own', signal);
      await expect.poll(programs, PATIENCE).toContain('sleep');
      await dies(applying, [undo]);
      expect(left).toEqual([expect.stringMatching(/^own: not restored: .*is gone/)]);
    });
  });
}
