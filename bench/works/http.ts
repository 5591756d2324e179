import { GENERATORS, measureGenerator } from '../generators.ts';
import { NODES, openHttpLab, startNginx, widenPorts } from '../http-lab.ts';
import type { BenchLab } from '../lab.ts';
import { OwnLoad } from '../own-load.ts';
import { program } from '../programs.ts';
import type { BenchContext, Contender, Missing, Opened, Work } from '../work.ts';

const OWN = 'simple-app';
const SERVERS = { own: 'our server', nginx: 'nginx' } as const;
const named = (generator: string, server: keyof typeof SERVERS): string =>
  `${generator} → ${SERVERS[server]}`;

export const http: Work = {
  id: 'http',
  title: 'HTTP requests on new connections, all answered',
  unit: 'requests/s',
  better: 'more',
  place: 'sandbox',
  rounds: { full: 5, quick: 2 },
  comparisons: [
    { of: named(OWN, 'own'), to: named('hey', 'own'), atLeast: 1 },
    { of: named(OWN, 'own'), to: named('k6', 'own'), atLeast: 3 },
    { of: named(OWN, 'own'), to: named('wrk', 'own'), atLeast: 0.8 },
    { of: named(OWN, 'own'), to: named('epoll loop in C', 'own') },
    { of: named(OWN, 'nginx'), to: named('hey', 'nginx'), atLeast: 1 },
    { of: named(OWN, 'nginx'), to: named('k6', 'nginx'), atLeast: 3 },
    { of: named(OWN, 'nginx'), to: named('wrk', 'nginx'), atLeast: 0.8 },
    { of: named(OWN, 'nginx'), to: named('epoll loop in C', 'nginx') },
    { of: named(OWN, 'own'), to: `${OWN} of --against`, atLeast: 1.8 },
    { of: named(OWN, 'own'), to: `${OWN} of --against`, figure: 'cpu', atMost: 0.25 },
  ],
  open,
};

async function open({ quick, against }: BenchContext): Promise<Opened> {
  await using opening = new AsyncDisposableStack();
  const lab = opening.use(await openHttpLab());
  widenPorts(lab);
  const contenders: Contender[] = [own(lab, 'own', 'web')];
  const missing: Missing[] = [];
  const nginx = program('nginx');
  const nginxPid = 'path' in nginx ? await startNginx(lab, nginx.path) : 0;
  const servers = { own: ['web', lab.pid], nginx: ['nginx', nginxPid] } as const;
  if (nginxPid > 0) contenders.push(own(lab, 'nginx', 'nginx'));
  else if ('why' in nginx) missing.push({ name: SERVERS.nginx, why: nginx.why });
  for (const { name, find, run, start } of GENERATORS) {
    const found = await find();
    if ('why' in found) {
      missing.push({ name, why: found.why });
      continue;
    }
    const generator = { run: run(found.path), start: (await start?.(found.path)) ?? 0 };
    for (const server of ['own', 'nginx'] as const) {
      const [service, pid] = servers[server];
      if (pid === 0) continue;
      contenders.push({
        name: named(name, server),
        measure: async () => {
          const sample = await measureGenerator(lab, service, pid, quick ? 1 : 2, generator);
          await lab.clear(NODES);
          return sample;
        },
      });
    }
  }
  if (against === undefined)
    missing.push({ name: `${OWN} of --against`, why: 'name a checkout with --against DIR' });
  else {
    const other = opening.use(await openHttpLab(against));
    contenders.push({ ...own(other, 'own', 'web'), name: `${OWN} of --against` });
  }
  const held = opening.move();
  return { contenders, missing, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** With our server, client and server are one process. */
function own(lab: BenchLab, server: keyof typeof SERVERS, service: string): Contender {
  const load = new OwnLoad({
    lab,
    first: 1500,
    change: (requests) => ({ kind: 'load', set: { requests, service } }),
    clear: () => lab.clear(NODES),
  });
  return { name: named(OWN, server), measure: () => load.measure() };
}
