import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { BEFORE } from '../../src/host/fake-host.ts';
import { readHistory } from '../../src/history/store.ts';
import { command, scratch, start } from './command.ts';

type Told = Readonly<Record<string, readonly string[]>>;

/** The table is cleared again with each retried phase, so these lines are not compared. */
const CLEARING = 'conntrack -D --mark ';
const drySchema = z.object({ lines: z.array(z.string()) });

/**
 * The lines of each host, in order. Numbers of entries are left out, because they depend on earlier
 * traffic.
 */
function byHost(told: readonly (readonly [host: string, line: string])[]): Told {
  const hosts = Map.groupBy(
    told.filter(([, line]) => !line.startsWith(CLEARING)),
    ([host]) => host,
  );
  const general = (line: string): string =>
    line.replace(/\d+(?= (?:\w+ )?entries)/, 'N').replace(/\d+(?= of the entries)/, 'N');
  return Object.fromEntries(
    [...hosts].map(([host, lines]) => [host, lines.map(([, line]) => general(line))]),
  );
}

/** A dry run's lines for the hosts, without the harness' own on the machine, and without phases. */
async function rehearsed(words: readonly string[]): Promise<Told> {
  const { stdout } = await command(['run', ...words, '--dry-run', '--json']);
  const told = drySchema.parse(JSON.parse(stdout)).lines.flatMap((line) => {
    const [, hosts = '', rest = ''] = /^\[([^\]]+)\] ([^]*)$/.exec(line) ?? [];
    if (hosts === '' || hosts === 'machine' || /^phase |^[\d.]+ s into/.test(rest)) return [];
    return hosts.split(' ').map((host) => [host, rest] as const);
  });
  return byHost(told);
}

/** The lines that a real run's agent executed on its hosts. */
async function executed(words: readonly string[]): Promise<Told> {
  using folder = scratch();
  const out = join(folder.path, 'run');
  await start(['run', ...words, '--quiet', '--out', out], 'nobody', folder.path).process;
  const history = await readHistory(out);
  return byHost(
    history.flatMap((event) =>
      event.type === 'executed' ? event.lines.map((line) => [event.node, line] as const) : [],
    ),
  );
}

/** Small, so that its phases are short: a hundred lookups, room for half of them, and a remedy of each sort. */
const SMALL = `
name: small
summary: a hundred lookups, and room for half of them
topology:
  nodes: [worker-1, worker-2]
  pods:
    client: { replicas: 2, nodes: [worker-1] }
    server: { replicas: 1, nodes: [worker-2] }
    coredns: { replicas: 1, nodes: [worker-2] }
  services:
    web: { pods: server, port: 80, app: http }
    kube-dns: { pods: coredns, port: 53, app: dns }
  resolver: { search: [default.svc.cluster.local], options: [ndots:5, timeout:1, attempts:1] }
node: worker-1
demand:
  { kind: dns-client, pods: client, names: [web.default.svc.cluster.local], lookups: 100, seconds: 0.3, patience: 0.8s, giveUp: 1.5s }
fault: { kind: squeeze, node: worker-1, free: 50 }
symptom:
  expected: reproduced
  when: [lookups.failed.rate > 0.1, drop.delta > 0]
  loss: lookups.failed.rate
show: [lookups.answered]
remedies: {}
`;

// Without scheduled changes, because each retried phase would repeat them.
it('--dry-run prints what the agent of a run executes, line by line and host by host', async () => {
  using folder = scratch();
  const file = join(folder.path, 'small.yaml');
  writeFileSync(file, SMALL);
  const words = [file, '--single-pass', '--remedy', 'be-liberal,drop-invalid,raise-max,node-local-dns'];
  const [dry, real] = [await rehearsed(words), await executed(words)];
  expect(Object.keys(dry)).toEqual(expect.arrayContaining(['worker-1', 'sandbox']));
  for (const [host, lines] of Object.entries(real)) {
    // A dry run prints BEFORE for values that only the kernel knows.
    const known = lines.map((line, i) =>
      dry[host]?.[i]?.endsWith(`=${BEFORE}`) === true ? line.replace(/=[^=]*$/, `=${BEFORE}`) : line,
    );
    expect([host, known]).toEqual([host, dry[host]]);
  }
  expect(Object.keys(real).toSorted()).toEqual(Object.keys(dry).toSorted());
});
