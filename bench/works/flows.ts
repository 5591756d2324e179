import { floodTcp, floodUdp, type FloodReport } from '../../src/load/flood/flood.ts';
import { endedChildrenCpu } from '../cpu.ts';
import { endsOf, layWay, measureFlows, plainFlood, SOURCES, wayOf, type Protocol } from '../flow-lab.ts';
import { GENERATORS, measureGenerator } from '../generators.ts';
import { NODES, openHttpLab, startNginx, widenPorts } from '../http-lab.ts';
import type { BenchLab } from '../lab.ts';
import { compiled, program } from '../programs.ts';
import type { BenchContext, Contender, Missing, Opened, Work } from '../work.ts';

const OWN = 'tablefull';
const C = { tcp: 'the same in C', udp: 'sendmmsg loop in C' } as const;
const WRK = 'wrk → nginx, new connections';
const COUNT = { full: 120_000, quick: 60_000 } as const;

export const handshakes: Work = {
  id: 'handshakes',
  title: 'TCP entries established by stateless handshakes',
  unit: 'entries/s',
  better: 'more',
  place: 'sandbox',
  rounds: { full: 5, quick: 3 },
  comparisons: [
    { of: OWN, to: C.tcp, atLeast: 0.9 },
    { of: OWN, to: WRK, atLeast: 3 },
  ],
  open: (context) => open('tcp', context),
};

export const datagrams: Work = {
  id: 'datagrams',
  title: 'UDP flows that begin',
  unit: 'entries/s',
  better: 'more',
  place: 'sandbox',
  rounds: { full: 5, quick: 3 },
  comparisons: [{ of: OWN, to: C.udp, atLeast: 0.95 }],
  open: (context) => open('udp', context),
};

async function open(protocol: Protocol, { quick, signal }: BenchContext): Promise<Opened> {
  await using opening = new AsyncDisposableStack();
  const lab = opening.use(await openHttpLab());
  await layWay(lab);
  const count = quick ? COUNT.quick : COUNT.full;
  let sent = 0;
  const next = (): number => (sent += count) - count;
  const contenders: Contender[] = [
    {
      name: OWN,
      measure: () => measureFlows(lab, ownCpu, () => flood(lab, protocol, next(), count, signal)),
    },
  ];
  const missing: Missing[] = [];
  const loop = await compiled('flood');
  if ('why' in loop) missing.push({ name: C[protocol], why: loop.why });
  else
    contenders.push({
      name: C[protocol],
      measure: () =>
        measureFlows(lab, endedChildrenCpu, () => plainFlood(lab, loop.path, protocol, next(), count)),
    });
  if (protocol === 'tcp') await addWrk(lab, contenders, missing);
  const held = opening.move();
  return { contenders, missing, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** CPU time of this process, µs. */
function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function flood(
  lab: BenchLab,
  protocol: Protocol,
  from: number,
  count: number,
  signal: AbortSignal,
): Promise<FloodReport> {
  const { client, server } = endsOf(lab);
  const { first, count: sources } = SOURCES;
  const options = { ...wayOf(protocol), client, sources: { first, count: sources }, from, count, signal };
  return protocol === 'tcp' ? floodTcp({ ...options, server }) : floodUdp(options);
}

async function addWrk(lab: BenchLab, contenders: Contender[], missing: Missing[]): Promise<void> {
  const nginx = program('nginx');
  const wrk = GENERATORS.find(({ name }) => name === 'wrk');
  const found = await wrk?.find();
  if ('why' in nginx) missing.push({ name: WRK, why: nginx.why });
  else if (wrk === undefined || found === undefined)
    missing.push({ name: WRK, why: 'there is no such generator' });
  else if ('why' in found) missing.push({ name: WRK, why: found.why });
  else {
    widenPorts(lab);
    const server = await startNginx(lab, nginx.path);
    contenders.push({
      name: WRK,
      measure: async () => {
        const sample = await measureGenerator(lab, 'nginx', server, 1, { run: wrk.run(found.path) });
        await lab.clear(NODES);
        return sample;
      },
    });
  }
}
