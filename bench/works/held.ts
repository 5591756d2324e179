import { readSysctl } from '../../src/kernel/sysctl.ts';
import { LimitHold } from '../../src/lab/limit-hold.ts';
import { GENERATORS } from '../generators.ts';
import { CLIENT, endOf, NODES, openHttpLab, protocolOf, startNginx } from '../http-lab.ts';
import { BenchLab } from '../lab.ts';
import { program } from '../programs.ts';
import type { BenchContext, Contender, Missing, Opened, Work } from '../work.ts';
import { LIMIT_LOCK } from '../../src/lab/machine-lock.ts';
import { MAX } from '../../src/kernel/table-names.ts';

const OWN = 'tablefull';
/** Each generator repeats until it adds almost nothing: then the ports of its one address are used up. */
const SECONDS = 8;
const MOST_TURNS = 8;
const NEXT_TO_NOTHING = 1.05;
/** Free entries in the filled table; a squeeze leaves some room. */
const LEFT = 1200;
const MILLION = 1_048_576;
/** Room beside the million: other namespaces have entries as well. */
const ROOM = 50_000;

export const FILL_TOPOLOGY = {
  nodes: ['worker-1'],
  pods: { client: { replicas: 2, nodes: ['worker-1'] } },
  services: { web: { pods: 'client', port: 80, app: 'http' } },
} as const;

/** Never offered. */
export const NO_DEMAND = {
  kind: 'simple-app',
  pods: 'client',
  service: 'web',
  stages: [{ pods: 1, seconds: 1 }],
  requests: 1,
  connectTimeout: 1,
} as const;

export const held: Work = {
  id: 'held',
  title: 'entries that can be held',
  unit: 'entries',
  better: 'more',
  place: 'sandbox',
  rounds: { full: 3, quick: 0 },
  comparisons: [
    { of: OWN, to: 'wrk', atLeast: 8 },
    { of: OWN, to: 'hey' },
    { of: OWN, to: 'k6' },
  ],
  open: openHeld,
};

export const million: Work = {
  id: 'million',
  title: `${MILLION.toLocaleString('en')} entries by handshakes`,
  unit: 's',
  better: 'less',
  place: 'sandbox',
  rounds: { full: 3, quick: 0 },
  comparisons: [{ of: OWN, atMost: 12 }],
  prepare: raiseMaximum,
  open: openMillion,
};

async function openHeld(): Promise<Opened> {
  await using opening = new AsyncDisposableStack();
  const lab = opening.use(await openHttpLab());
  const fill = opening.use(await BenchLab.open(protocolOf(FILL_TOPOLOGY, NO_DEMAND), { squeeze: 'none' }));
  const contenders: Contender[] = [{ name: OWN, measure: () => holdAll(fill) }];
  const missing: Missing[] = [];
  const nginx = program('nginx');
  if ('why' in nginx) missing.push({ name: 'nginx, the server of the others', why: nginx.why });
  else {
    await startNginx(lab, nginx.path);
    const { ip, port } = endOf('nginx');
    for (const { name, find, run } of GENERATORS) {
      const found = await find();
      if ('why' in found) missing.push({ name, why: found.why });
      else
        contenders.push({
          name,
          measure: async () => {
            using table = lab.table(NODES[0]);
            let entries = 0;
            for (let turn = 0, before = -1; turn < MOST_TURNS && entries > before * NEXT_TO_NOTHING; turn++) {
              before = entries;
              await run(found.path)(lab.namespace(CLIENT), ip, port, SECONDS);
              entries = table.read().entries;
            }
            await lab.clear(NODES);
            return { value: entries };
          },
        });
    }
  }
  const held = opening.move();
  return { contenders, missing, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

async function holdAll(lab: BenchLab): Promise<{ readonly value: number }> {
  using table = lab.table('worker-1');
  return await lab.with({ kind: 'squeeze', node: 'worker-1', free: LEFT }, () =>
    Promise.resolve({ value: table.read().entries }),
  );
}

/** As root, raises the machine's maximum during the work, under the guard of runs. */
async function raiseMaximum({ signal, say }: BenchContext): Promise<AsyncDisposable> {
  const limit = Number(readSysctl(MAX));
  if (limit >= MILLION + ROOM || process.geteuid?.() !== 0) return new AsyncDisposableStack();
  await using raising = new AsyncDisposableStack();
  const hold = await LimitHold.take({ exclusive: true, say, lock: LIMIT_LOCK }, signal);
  raising.defer(async () => {
    for (const left of await hold.release()) say(`not restored: ${left}`);
  });
  await hold.raiseMax(MILLION + ROOM - limit);
  return raising.move();
}

async function openMillion(): Promise<Opened> {
  const lab = await BenchLab.open(protocolOf(FILL_TOPOLOGY, NO_DEMAND), { squeeze: 'none' });
  using table = lab.table('worker-1');
  const { limit } = table.read();
  const dispose = { [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose]() };
  if (limit < MILLION + LEFT) {
    const why = `nf_conntrack_max is ${String(limit)}, and raising it takes root`;
    return { contenders: [], missing: [{ name: OWN, why }], ...dispose };
  }
  return {
    contenders: [{ name: OWN, measure: () => timeFill(lab, limit - MILLION) }],
    missing: [],
    ...dispose,
  };
}

/** Seconds until exactly this many entries are free. */
export async function timeFill(lab: BenchLab, free: number): Promise<{ readonly value: number }> {
  const began = performance.now();
  return lab.with({ kind: 'squeeze', node: 'worker-1', free }, () =>
    Promise.resolve({ value: (performance.now() - began) / 1000 }),
  );
}
