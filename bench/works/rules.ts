import { execa } from 'execa';
import { COUNTER_TABLE } from '../../src/agent/packet-rules.ts';
import { GENERATORS, measureGenerator } from '../generators.ts';
import { NODES, openHttpLab, startNginx, widenPorts } from '../http-lab.ts';
import { program } from '../programs.ts';
import type { BenchContext, Contender, Opened, Work } from '../work.ts';

const WITH = 'with the counting rules';
const WITHOUT = 'without them';
const AGAINST = 'with those of --against';

/**
 * The cost of the lab's own counting rules: the same client and nginx in two labs, one without the rules.
 */
export const rules: Work = {
  id: 'rules',
  title: 'the same by the C loop towards nginx (CPU: client and server)',
  unit: 'requests/s',
  better: 'more',
  place: 'sandbox',
  rounds: { full: 9, quick: 4 },
  comparisons: [
    { of: WITH, to: WITHOUT, atLeast: 0.95 },
    { of: WITH, to: WITHOUT, figure: 'cpu', atMost: 1.05 },
    { of: AGAINST, to: WITHOUT },
    { of: AGAINST, to: WITHOUT, figure: 'cpu' },
  ],
  open,
};

async function open({ quick, against }: BenchContext): Promise<Opened> {
  const nginx = program('nginx');
  if ('why' in nginx) return nobody('nginx', nginx.why);
  const generator = GENERATORS.find(({ name }) => name === 'epoll loop in C');
  const found = await generator?.find();
  if (generator === undefined || found === undefined)
    throw new Error('there is no C loop among the generators');
  if ('why' in found) return nobody(generator.name, found.why);
  await using opening = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  for (const name of [WITH, WITHOUT, ...(against === undefined ? [] : [AGAINST])]) {
    const lab = opening.use(await openHttpLab(name === AGAINST ? against : undefined));
    widenPorts(lab);
    const server = await startNginx(lab, nginx.path);
    if (name === WITHOUT) {
      for (const node of NODES)
        await lab.namespace(node).within(() => execa('nft', ['delete', 'table', 'ip', COUNTER_TABLE]));
    }
    const run = generator.run(found.path);
    contenders.push({
      name,
      measure: async () => {
        const { server: own = 0, ...sample } = await measureGenerator(lab, 'nginx', server, quick ? 1 : 2, {
          run,
        });
        await lab.clear(NODES);
        return { ...sample, cpu: (sample.cpu ?? 0) + own };
      },
    });
  }
  const held = opening.move();
  return { contenders, missing: [], [Symbol.asyncDispose]: () => held.disposeAsync() };
}

function nobody(name: string, why: string): Opened {
  return { contenders: [], missing: [{ name, why }], [Symbol.asyncDispose]: () => Promise.resolve() };
}
