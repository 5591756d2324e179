import { protocolOf } from '../http-lab.ts';
import { BenchLab } from '../lab.ts';
import type { Opened, Work } from '../work.ts';
import { FILL_TOPOLOGY, NO_DEMAND, timeFill } from './held.ts';

const WANTED = 262_144;
const REAL = 'for real, by handshakes';
const BALLAST = 'as ballast';
/** A squeeze leaves at least one entry, so it can't fill a table completely. */
const LEFT = 1;

export const fill: Work = {
  id: 'fill',
  title: `filling ${WANTED.toLocaleString('en')} entries`,
  unit: 's',
  better: 'less',
  place: 'sandbox',
  rounds: { full: 5, quick: 1 },
  comparisons: [
    { of: REAL, atMost: 3 },
    { of: BALLAST, atMost: 2.5 },
  ],
  open,
};

async function open(): Promise<Opened> {
  await using opening = new AsyncDisposableStack();
  const protocol = protocolOf(FILL_TOPOLOGY, NO_DEMAND);
  const labs = {
    [REAL]: opening.use(await BenchLab.open(protocol, { squeeze: 'none' })),
    [BALLAST]: opening.use(await BenchLab.open(protocol, { squeeze: 'ballast' })),
  };
  const contenders = Object.entries(labs).map(([name, lab]) => ({
    name,
    measure: async () => {
      using table = lab.table('worker-1');
      const { limit, entries } = table.read();
      const count = Math.min(WANTED, limit - entries - LEFT);
      const { value } = await timeFill(lab, limit - entries - count);
      return {
        value,
        ...(count < WANTED - LEFT && { note: `${String(count)}, as nf_conntrack_max allows` }),
      };
    },
  }));
  const held = opening.move();
  return { contenders, missing: [], [Symbol.asyncDispose]: () => held.disposeAsync() };
}
