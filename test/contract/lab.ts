import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERY_NODE, type Change, type ChangeOf } from '../../src/change/index.ts';
import type { Lab, OpenLab } from '../../src/lab/lab.ts';
import type { EventOf, HistoryEvent } from '../../src/schema/history.ts';
import type { Protocol } from '../../src/schema/protocol.ts';
import boom from '../../scenarios/boom.ts';
import { NEVER } from '../unit/support/never.ts';

const ICMP = 'net.netfilter.nf_conntrack_icmp_timeout';
const CONDITIONS = { pace: 1, slack: 0 };
const OPENING_MS = 120_000;

/** A lab provider, as the contract needs to know it. */
export interface Provider {
  readonly open: OpenLab;
  /** Whether commands run and loads are offered: not in a lab in memory. */
  readonly isReal: boolean;
  readonly privileged: boolean;
  /** Words before a command that have it run with the node's own programs. */
  readonly inNode?: readonly string[];
}

/** A sysctl that no scenario here relies on. */
function icmp(node: string, value: number): ChangeOf<'sysctl'> {
  return { kind: 'sysctl', node, name: ICMP, value };
}

/** What every lab provider does alike: one file, run against the lab in memory, the embedded lab and kind. */
export function labContract(name: string, { open, isReal, privileged, inNode = [] }: Provider): void {
  describe(`the lab ${name}`, () => {
    const protocol: Protocol = boom.protocol({}, { kernel: [6, 1], squeeze: 'ballast', privileged });
    const nodes = protocol.topology.nodes;
    const events: HistoryEvent[] = [];
    const left: string[] = [];
    const signal = NEVER;
    let lab: Lab;
    let reserved: AsyncDisposable;

    const since = (from: number): readonly EventOf<'change'>[] =>
      events.slice(from).filter((event) => event.type === 'change');
    const phase = (stage: 'baseline' | 'fault', within = signal): Promise<void> =>
      lab.phase({ cycle: 'symptom', stage }, CONDITIONS, within);

    beforeAll(async () => {
      lab = await open({
        protocol,
        changes: [],
        squeeze: 'ballast',
        privileged,
        seed: 1,
        epoch: process.hrtime.bigint(),
        sink: (event) => events.push(event),
        onLeft: (what) => left.push(what),
        say: () => undefined,
        signal,
      });
      reserved = await lab.reserve([], signal);
    }, OPENING_MS);

    afterAll(async () => {
      await reserved[Symbol.asyncDispose]();
      await lab[Symbol.asyncDispose]();
      expect(left).toEqual([]);
      expect(lab.lost.aborted).toBe(false);
    }, OPENING_MS);

    it('records a phase between its two edges, with what its loads and tables did', async () => {
      const from = events.length;
      await phase('baseline');
      const seen = events.slice(from);
      expect(seen.filter(({ type }) => type === 'phase')).toMatchObject([{ edge: 'start' }, { edge: 'end' }]);
      if (!isReal) return;
      expect(new Set(seen.flatMap((event) => (event.type === 'sample' ? [event.node] : [])))).toEqual(
        new Set(nodes),
      );
      expect(seen.flatMap((event) => (event.type === 'offered' ? [event.count] : []))).not.toEqual([]);
    });

    it('makes a change on every node, records it for each, and puts back what each had', async () => {
      const from = events.length;
      const { undo } = await lab.apply(icmp(EVERY_NODE, 31), 'placebo', signal);
      await undo();
      const changes = since(from);
      const applied = changes.filter(({ action }) => action === 'apply');
      const undone = changes.filter(({ action }) => action === 'undo');
      expect(applied.map(({ node }) => node).toSorted()).toEqual([...nodes].toSorted());
      for (const { node, before, after } of applied) {
        expect([node, after]).toEqual([node, 31]);
        expect(undone.find((each) => each.node === node)).toMatchObject({ before: 31, after: before });
      }
    });

    it('records nothing of a change that it can’t make', async () => {
      const from = events.length;
      await expect(lab.apply(icmp('nowhere', 31), 'placebo', signal)).rejects.toThrow();
      expect(since(from)).toEqual([]);
    });

    it('undoes nested changes in reverse, back to what each found', async () => {
      const first = await lab.apply(icmp(EVERY_NODE, 31), 'placebo', signal);
      const from = events.length;
      const second = await lab.apply(icmp(EVERY_NODE, 32), 'placebo', signal);
      await second.undo();
      expect(since(from).filter(({ action }) => action === 'undo')).toMatchObject(
        nodes.map(() => ({ after: 31 })),
      );
      await first.undo();
    });

    it('makes a scheduled change within a phase, and undoes it with the phase', async () => {
      const change: Change = { kind: 'event', at: 0.05, change: icmp(EVERY_NODE, 31) };
      const scheduled = await lab.apply(change, 'symptom', signal);
      const from = events.length;
      await phase('fault');
      await scheduled.undo();
      const made = since(from).filter((event) => event.change.kind === 'sysctl');
      expect(made.map(({ action }) => action).toSorted()).toEqual([
        ...nodes.map(() => 'apply'),
        ...nodes.map(() => 'undo'),
      ]);
      const again = events.length;
      await phase('baseline');
      expect(since(again)).toEqual([]);
    });

    it.runIf(isReal)(
      'breaks off a phase whose scheduled change can’t be made, and carries out the next',
      async () => {
        const unknown = { ...icmp(EVERY_NODE, 31), name: 'net.netfilter.no_such_sysctl' };
        const change: Change = { kind: 'event', at: 0.05, change: unknown };
        const scheduled = await lab.apply(change, 'symptom', signal);
        await expect(phase('fault')).rejects.toThrow('no_such_sysctl');
        await scheduled.undo();
        await lab.clear(signal);
        const from = events.length;
        await phase('baseline');
        expect(events.slice(from).filter(({ type }) => type === 'phase')).toHaveLength(2);
      },
    );

    it.runIf(isReal)(
      'says what an undo did not put back, and tells of it once the lab is closed',
      async () => {
        const [node = ''] = nodes;
        const words = (...all: readonly [string, ...string[]]): [string, ...string[]] => {
          const [first = all[0], ...rest] = [...inNode, ...all];
          return [first, ...rest];
        };
        const file = `/run/tablefull-contract-${String(process.pid)}`;
        const change: Change = {
          kind: 'command',
          node,
          run: words('touch', file),
          undo: words('true'),
          // Only names of one folder: elsewhere others come and go, which is an error to find.
          check: words('find', '/run', '-maxdepth', '1', '-name', file.slice('/run/'.length)),
        };
        const { undo } = await lab.apply(change, 'broken', signal);
        await expect(undo()).rejects.toThrow(/not restored/);
        expect(left).toEqual([]);
        // What a command did is not known, so a lab tells of it, unless undoing works by then.
        const repaired = await lab.apply(
          { ...change, run: words('rm', '-f', file), check: words('true') },
          'repaired',
          signal,
        );
        await repaired.undo();
        await undo();
        expect(left).toEqual([]);
      },
    );
  });
}
