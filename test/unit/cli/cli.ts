import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { cli } from '../../../src/cli/cli.ts';
import type { VerbContext } from '../../../src/cli/verb-context.ts';
import type { LabEntry } from '../../../src/lab/entry.ts';
import type { Applied, Lab, LabOptions, OpenLab } from '../../../src/lab/lab.ts';
import { netns } from '../../../src/lab/netns/entry.ts';
import { LABS } from '../../../src/lab/index.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import type { Phase } from '../../../src/schema/history.ts';
import { defineScenario, type Scenario } from '../../../src/scenario/define.ts';
import { HistoryBuilder, MET, PROTOCOL, LOSSY } from '../judge/history-builder.ts';
import { NEVER } from '../support/never.ts';

/** A stream that keeps what it is given. */
export class Kept extends Writable {
  text = '';

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** The protocol that the history builder tells stories of. */
export const TOY: Scenario = defineScenario({
  name: 'toy',
  summary: 'a table that is full',
  params: {},
  protocol: () => ({
    ...PROTOCOL,
    demand: { ...PROTOCOL.demand, service: 'web' } as typeof PROTOCOL.demand,
    topology: { ...PROTOCOL.topology, services: { web: { pods: 'app', port: 80, app: 'http' } } },
  }),
});

type Deed =
  | 'open'
  | 'down'
  | 'clear'
  | 'reserve'
  | 'release'
  | `${Phase['cycle']} ${Phase['stage']}`
  | `apply ${string}`
  | `undo ${string}`;

/** What goes otherwise than well in a fake lab; called before each of its deeds. */
export type Mishap = (deed: Deed, options: LabOptions) => void | Promise<void>;

/** A lab that writes its deeds down in `deeds`. In it every fault hurts and raising the limit cures. */
export function fakeLab(mishap: Mishap = () => undefined, deeds: string[] = []): LabEntry {
  const open: OpenLab = async (options) => {
    const raised = new Set<string>();
    let faulty = false;
    const act = async (deed: Deed): Promise<void> => {
      deeds.push(deed);
      await mishap(deed, options);
    };
    const lab: Lab = {
      lost: NEVER,
      shells: () => ['nsenter --net=/run/netns/worker-1 sh'],
      reserve: async () => {
        await act('reserve');
        return { [Symbol.asyncDispose]: () => act('release') };
      },
      clear: () => act('clear'),
      capacity: () => Promise.resolve(undefined),
      phase: async (phase, _, signal) => {
        await act(`${phase.cycle} ${phase.stage}`);
        signal.throwIfAborted();
        const well = !faulty || raised.has(phase.cycle);
        const [, ...events] = new HistoryBuilder().phase(phase.cycle, phase.stage, well ? MET : LOSSY).events;
        for (const event of events) options.sink(event);
      },
      apply: async (change, cycle): Promise<Applied> => {
        await act(`apply ${change.kind}`);
        if (change.kind === 'limit') raised.add(cycle);
        faulty ||= change.kind === 'squeeze';
        return {
          undo: async () => {
            await act(`undo ${change.kind}`);
            if (change.kind === 'limit') raised.delete(cycle);
          },
        };
      },
      [Symbol.asyncDispose]: () => act('down'),
    };
    await act('open');
    return lab;
  };
  return {
    name: 'fake',
    summary: 'a lab for tests',
    models: 'nothing real',
    realKubeProxy: false,
    squeeze: 'ballast',
    cannot: () => undefined,
    open,
    teardown: netns.teardown,
    atOnce: () => 1,
    preflight: () => Promise.resolve({ privileged: true, summary: 'lab fake' }),
    versions: () => Promise.resolve({}),
    checks: () => Promise.resolve([]),
    rehearse: netns.rehearse,
  };
}

/** Runs the command line with a context of its own. */
export class Cli implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tablefull-cli-'));
  readonly signals = new EventEmitter();
  readonly #context: Partial<VerbContext>;

  constructor(context: Partial<VerbContext> | ((cli: Cli) => Partial<VerbContext>) = {}) {
    this.#context = typeof context === 'function' ? context(this) : context;
  }

  async run(...argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const [stdout, stderr] = [new Kept(), new Kept()];
    const context: VerbContext = {
      stdout,
      stderr,
      env: {},
      signals: this.signals,
      labs: LABS,
      scenarios: SCENARIOS,
      remedies: REMEDIES,
      mayChangeLimit: () => false,
      restoreLeftovers: () => Promise.resolve({ status: 'complete', restored: [], left: [] }),
      pause: () => Promise.resolve(),
      openKernelLog: () => ({ read: () => ({ lines: [] }), [Symbol.dispose]: () => undefined }),
      versions: () => Promise.resolve({ tablefull: '0.0.0' }),
      ownVersion: '0.0.0',
      ...this.#context,
    };
    const code = await cli(argv, context, () => Promise.resolve(context));
    return { code, stdout: stdout.text, stderr: stderr.text };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
