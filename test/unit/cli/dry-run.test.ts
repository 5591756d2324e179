import { describe, expect, it, test } from 'vitest';
import { readSysctl } from '../../../src/kernel/sysctl.ts';
import { shorterTimeouts } from '../../../src/remedy/shorter-timeouts.ts';
import { kindLab } from '../../../src/lab/kind/entry.ts';
import { netns } from '../../../src/lab/netns/entry.ts';
import { FORBIDDEN } from '../docs/forbidden-words.ts';
import { Cli, fakeLab, TOY } from './cli.ts';

async function dryRun(words: string, root = false, lab = netns): Promise<string[]> {
  using tablefull = new Cli({ mayChangeLimit: () => root, labs: [lab] });
  const { code, stdout, stderr } = await tablefull.run('run', ...words.split(' '), '--dry-run');
  expect([code, stderr]).toEqual([0, '']);
  return stdout.split('\n');
}

const NODES = '[worker-1 worker-2 worker-3]';

describe('--dry-run prints', () => {
  it('how the sandbox starts, with a user namespace where there is no root', async () => {
    expect((await dryRun('boom --remedy none'))[0]).toMatch(
      /^\[machine\] setpriv --pdeathsig KILL -- unshare --user --map-root-user /,
    );
    expect((await dryRun('boom --remedy none', true))[0]).toMatch(
      /^\[machine\] setpriv --pdeathsig KILL -- unshare --mount /,
    );
  });

  it('every namespace, link, address and rule of the lab', async () => {
    const lines = await dryRun('saturate --remedy none');
    expect(lines).toContain('[sandbox] ip netns add simple-app-49');
    expect(lines).toContain('[sandbox] ip link add node0 type veth peer name eth0 netns worker-1');
    expect(lines).toContain('[simple-app-0] ip route add default via 10.244.0.1 dev eth0');
    expect(lines).toContain('    meta l4proto tcp dnat to 10.244.1.2:8080');
    expect(lines).toContain(`${NODES} sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=86400`);
  });

  it('every sysctl of a remedy with its undoing in reverse, between the phases it is tried in', async () => {
    const lines = await dryRun('saturate --remedy shorter-timeouts');
    const changes = shorterTimeouts.changes({ sysctls: {} } as never);
    const at = (line: string): number => lines.indexOf(line);
    const applied = changes.map((change) =>
      change.kind === 'sysctl' ? at(`${NODES} sysctl -w ${change.name}=${String(change.value)}`) : -1,
    );
    const undone = changes.map((change) =>
      change.kind === 'sysctl'
        ? lines.findLastIndex((line) => line.startsWith(`${NODES} sysctl -w ${change.name}=`))
        : -1,
    );
    const [confirm, live, fresh] = ['confirm', 'live', 'fresh'].map((stage) =>
      at(`[lab] phase shorter-timeouts ${stage}: the demand is offered once (simple-app)`),
    );
    // established=86400 is kube-proxy's as well, so its first occurrence is in the making of the lab.
    const own = applied.filter(
      (_, i) => changes[i]?.kind === 'sysctl' && !changes[i].name.endsWith('established'),
    );
    const order = [confirm, ...own, live, fresh, ...undone.toReversed()];
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
  });

  it('the spare addresses of a node that a remedy asks for, where the lab knows them', async () => {
    const words = 'port-exhaustion --param where=node --remedy more-source-addresses';
    expect(await dryRun(words)).toContain('define spare_addresses = 10.244.0.252-10.244.0.254');
  });

  it('a fault of the whole machine under one lock from first to last, put back at the end', async () => {
    const lines = await dryRun('hash-collisions --remedy raise-buckets', true);
    const found = readSysctl('net.netfilter.nf_conntrack_buckets');
    const set = (value: number): string =>
      `[machine] sysctl -w net.netfilter.nf_conntrack_buckets=${String(value)}`;
    const few = Math.round(Number(found) / 512);
    expect(lines.filter((line) => line.includes('flock') || line.includes('nf_conntrack_buckets='))).toEqual([
      expect.stringContaining('flock --exclusive'),
      set(few),
      set(4 * few),
      set(few),
      set(Number(found)),
      expect.stringContaining('flock --unlock'),
    ]);
  });

  it('be-liberal on every node, off before and once, and back', async () => {
    const name = 'net.netfilter.nf_conntrack_tcp_be_liberal';
    const lines = (await dryRun('boom --remedy be-liberal')).filter((line) => line.includes(name));
    // Between the two that take kube-proxy's own cure out of the way.
    expect(lines).toEqual([
      `[worker-1 worker-2] sysctl -w ${name}=0`,
      `[worker-1 worker-2] sysctl -w ${name}=1`,
      `[worker-1 worker-2] sysctl -w ${name}=0`,
      `[worker-1 worker-2] sysctl -w ${name}=BEFORE`,
    ]);
  });

  test.each([
    ['ballast', /^\[worker-1\] ctnetlink: insert \d+ assured entries$/],
    ['none', /^\[worker-1\] \d+ handshakes through the node, between two of its pods$/],
    ['netns-sysctl', /^\[worker-1\] sysctl -w net\.netfilter\.nf_conntrack_max=1200$/],
    ['sysctl', /^\[machine\] sysctl -w net\.netfilter\.nf_conntrack_max=1200$/],
  ])('the squeeze %s', async (squeeze, line) => {
    const lines = await dryRun(`saturate --remedy none --squeeze ${squeeze}`, true);
    expect(lines.filter((each) => line.test(each))).toHaveLength(1);
  });

  it('the global squeeze as the first thing under the lock, put back after all else', async () => {
    const lines = (await dryRun('saturate --remedy none --squeeze sysctl', true)).filter((line) =>
      line.startsWith('[machine]'),
    );
    expect(lines.slice(1)).toEqual([
      '[machine] flock --exclusive /proc/sys/net/netfilter/nf_conntrack_max',
      '[machine] sysctl -w net.netfilter.nf_conntrack_max=1200',
      '[machine] sysctl -w net.netfilter.nf_conntrack_buckets=300',
      expect.stringContaining('close the lifeline'),
      expect.stringMatching(/sysctl -w net\.netfilter\.nf_conntrack_buckets=\d+$/),
      expect.stringMatching(/sysctl -w net\.netfilter\.nf_conntrack_max=\d+$/),
      '[machine] flock --unlock /proc/sys/net/netfilter/nf_conntrack_max',
    ]);
  });

  it('a raised maximum for real with root, and by ballast given back without', async () => {
    const raised = /^\[machine\] sysctl -w net\.netfilter\.nf_conntrack_max=\d+$/;
    expect(
      (await dryRun('saturate --remedy raise-max', true)).filter((line) => raised.test(line)),
    ).toHaveLength(2);
    const without = await dryRun('saturate --remedy raise-max');
    expect(without).toContain('[worker-1] ctnetlink: delete 3600 of the entries inserted');
    expect(without.filter((line) => raised.test(line))).toEqual([]);
  });

  it('a cache on every node and its rules, and each of them undone', async () => {
    const lines = await dryRun('dns-storm --remedy node-local-dns');
    const made = [
      `${NODES} ip link add nodelocaldns type bridge mcast_snooping 0`,
      `${NODES} ip addr add 169.254.20.10/32 dev nodelocaldns`,
      'nameserver 169.254.20.10',
    ];
    const undone = ['delete table ip tablefull-node-local-dns', `${NODES} ip link del nodelocaldns`];
    const order = [...made, ...undone].map((line) => lines.indexOf(line));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect((await dryRun('dns-storm --remedy node-local-dns-tracked')).join('\n')).not.toContain('notrack');
  });

  it('why a remedy would be skipped', async () => {
    expect(await dryRun('saturate')).toContain(
      '# raise-buckets: skipped, needs root: the setting is machine-wide',
    );
  });

  it('no fault for a control', async () => {
    const lines = await dryRun('saturate --control');
    expect(lines.filter((line) => line.startsWith('[lab]'))).toHaveLength(2);
    expect(lines.join('\n')).not.toContain('assured entries');
  });
});

describe('--dry-run of a cluster prints', () => {
  const kind = kindLab({ reuse: undefined, settings: {} });

  it('how the cluster is made, what is put on it, and that it is deleted in the end', async () => {
    const lines = await dryRun('saturate --remedy none --lab kind', true, kind);
    const bridged = /^\[machine\] sysctl -w net\.bridge\.bridge-nf-call-iptables=/;
    const first = (line: RegExp): number => lines.findIndex((each) => line.test(each));
    const last = (line: RegExp): number => lines.findLastIndex((each) => line.test(each));
    const order = [
      first(/^\[machine\] flock --exclusive/),
      first(bridged),
      first(/^\[cluster\] kubectl -n tablefull-RUN apply -f manifests\/agent\.yaml/),
      first(/^\[cluster\] Deployment simple-app-worker-1, replicas 50, on tablefull-CLUSTER-worker$/),
      first(/^\[machine\] sysctl -w net\.netfilter\.nf_conntrack_max=1200$/),
      // Put back as they were found; the second may be 0.
      last(/^\[machine\] sysctl -w net\.netfilter\.nf_conntrack_max=\d+$/),
      last(bridged),
      first(/^\[machine\] flock --unlock/),
      first(/^\[machine\] kind delete cluster --name tablefull-CLUSTER$/),
    ];
    expect(lines[first(bridged)]).toMatch(/=0$/);
    expect(lines[0]).toBe("[machine] kind create cluster --name tablefull-CLUSTER --config - <<'END'");
    expect(order).not.toContain(-1);
    expect(order).toEqual([...new Set(order)].toSorted((a, b) => a - b));
  });

  it('why it is not run, where a cluster can’t show the scenario', async () => {
    expect(await dryRun('rp-filter --remedy none --lab kind', true, kind)).toEqual([
      '# symptom: skipped, a pod with a second interface is not supported on --lab kind yet',
      '',
    ]);
  });

  it('pods that leave a service, as the API server is told', async () => {
    const lines = await dryRun('ghost-connections --remedy none --lab kind', true, kind);
    expect(lines.join('\n')).toContain(
      `kubectl -n tablefull-RUN patch service echo -p '{"spec":{"selector":{"tablefull.lab/set":"new"}}}'`,
    );
  });

  it.each([
    [
      'udp-cleanup-storm --squeeze ballast --remedy min-sync-period',
      '[cluster] kubectl -n kube-system edit configmap kube-proxy: {"',
    ],
    [
      'kube-proxy-revert --remedy sysctl-daemonset',
      '[cluster] kubectl -n tablefull-RUN delete daemonset sysctl-daemonset',
    ],
    ['dns-storm --remedy node-local-dns', '[worker-1 worker-2 worker-3] ip link add nodelocaldns'],
    ['dns-storm --remedy ndots-2', 'a pod with dnsConfig options ndots:2'],
  ])('what a change is there: %s', async (words, line) => {
    expect((await dryRun(`${words} --lab kind`, true, kind)).join('\n')).toContain(line);
  });
});

it('--dry-run writes no word that the glossary has replaced', async () => {
  const kind = kindLab({ reuse: undefined, settings: {} });
  const texts = [await dryRun('saturate'), await dryRun('saturate --lab kind', true, kind)];
  const text = texts.flat().join('\n');
  expect(FORBIDDEN.flatMap(({ phrase }) => phrase.exec(text)?.[0] ?? [])).toEqual([]);
});

it('--dry-run opens no lab and makes no folder', async () => {
  const deeds: string[] = [];
  using tablefull = new Cli({ labs: [fakeLab(undefined, deeds)], scenarios: [TOY] });
  const { code, stdout } = await tablefull.run(
    'run',
    'toy',
    '--dry-run',
    '--json',
    '--out',
    `${tablefull.folder}/run`,
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'tablefull/dry-run/v1' });
  expect(deeds).toEqual([]);
});
