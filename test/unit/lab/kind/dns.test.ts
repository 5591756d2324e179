import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../../../scenarios/index.ts';
import { workerNames } from '../../../../src/lab/kind/outside/cluster/cluster-config.ts';
import {
  cacheCorefile,
  FORWARD_LINE,
  runCorefile,
  TTL_LINE,
  withForward,
  withTtl,
} from '../../../../src/lab/kind/corefile.ts';
import {
  changed,
  dnsConfigOf,
  dnsSpec,
  inNamespace,
  OUTSIDE,
  setsThatLookUp,
} from '../../../../src/lab/kind/dns-config.ts';
import { ClusterDns } from '../../../../src/lab/kind/outside/dns/cluster-dns.ts';
import type { Objects } from '../../../../src/lab/kind/outside/api/objects.ts';
import { serviceObjects } from '../../../../src/lab/kind/outside/workloads/manifests.ts';
import { largest, sumOf } from '../../../../src/lab/kind/inside/prometheus-text.ts';
import { placedPods } from '../../../../src/lab/kind/outside/workloads/placed-pods.ts';

const protocolOf = (name: string) => {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(name);
  return scenario.protocol({}, { kernel: [6, 18], squeeze: 'ballast', privileged: true });
};

/** kubeadm's Corefile. */
const COREFILE = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`;

describe('the Corefile of a run', () => {
  it('is the cluster’s own but for the TTL of its records', () => {
    expect(runCorefile(COREFILE, 30)).toBe(COREFILE);
    expect(runCorefile(COREFILE, 10)).toBe(COREFILE.replace('ttl 30', 'ttl 10'));
  });

  it.each([
    ['with a block', COREFILE, 'disable denial cluster.local\n'],
    ['without one', COREFILE.replace(/cache 30 \{[^}]*\}/, 'cache 30'), 'cache 30 {\n'],
  ])('has its cache give less than 5 s where its records have less, %s', (_, corefile, before) => {
    const least = '       success 9984 30 1\n       denial 9984 30 1\n    }\n    loop\n';
    expect(runCorefile(corefile, 1)).toContain(`ttl 1\n`);
    expect(runCorefile(corefile, 1)).toContain(`${before}${least}`);
  });

  it.each([
    ['asks a server by its address', COREFILE.replace('/etc/resolv.conf', '192.0.2.1')],
    ['asks a second one for some names', `${COREFILE}example.com {\n  forward . 192.0.2.1\n}\n`],
    ['asks nobody', COREFILE.replace(/forward[^}]*}/, '')],
  ])('is refused where it %s: names might leave the cluster', (_, corefile) => {
    expect(() => runCorefile(corefile, 30)).toThrow('might leave the cluster');
  });

  it('gets options of forward in the place of those that it has, with a block or without', () => {
    const options = 'forward . /etc/resolv.conf { prefer_udp }';
    expect(FORWARD_LINE(withForward(COREFILE, ['prefer_udp']))).toBe(options);
    const bare = COREFILE.replace(/ \{\n +max_concurrent 1000\n +\}/, '');
    expect(FORWARD_LINE(bare)).toBe('forward . /etc/resolv.conf');
    expect(FORWARD_LINE(withForward(bare, ['prefer_udp']))).toBe(options);
    expect(withForward(bare, ['prefer_udp'])).toContain('cache 30 {');
  });

  it('gets a lowest TTL in the cache of the server that answers for the cluster', () => {
    const stub = 'example.com:53 {\n    cache 30\n}\n';
    expect(runCorefile(`${stub}${COREFILE}`, 1)).toBe(`${stub}${runCorefile(COREFILE, 1)}`);
  });

  it('says its TTL in a line', () => {
    expect(TTL_LINE(withTtl(COREFILE, 0))).toBe('ttl 0');
  });
});

describe('a cluster whose CoreDNS is another than kubeadm’s', () => {
  it('is told so in one line, with the object and what is missing', async () => {
    const spec = { template: { spec: {} } };
    const objects: Pick<Objects, 'read'> = { read: (object) => Promise.resolve({ ...object, spec }) };
    const opening = ClusterDns.of(objects, 'ns', protocolOf('dns-storm'), new Map());
    await expect(opening).rejects.toThrow(
      /^the Deployment kube-system\/coredns is not as kubeadm installs it: spec\.template\.spec\.containers: .+$/,
    );
  });
});

describe('the Corefile of a node’s cache', () => {
  it('asks kube-dns over TCP for the cluster’s names, and the outside for all others', () => {
    const corefile = cacheCorefile('10.96.1.2');
    expect(corefile).toMatch(/^cluster\.local:53 \{[^}]*\}[^}]*forward \. 10\.96\.1\.2 \{\s*force_tcp/);
    expect(corefile).toMatch(/\n\.:53 \{[^}]*forward \. \/etc\/resolv\.conf\n/);
    expect(corefile.match(/bind 169\.254\.20\.10/g)).toHaveLength(4);
  });
});

describe('what pods are told of DNS', () => {
  const protocol = inNamespace(protocolOf('dns-storm'), 'tablefull-1');
  const config = dnsConfigOf(protocol.topology, '10.96.1.2');
  if (config === undefined) throw new Error();

  it('is what ClusterFirst would say in the run’s namespace', () => {
    expect(dnsSpec(config)).toEqual({
      dnsPolicy: 'None',
      dnsConfig: {
        nameservers: ['10.96.1.2'],
        searches: ['tablefull-1.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
        options: [
          { name: 'ndots', value: '5' },
          { name: 'timeout', value: '1' },
          { name: 'attempts', value: '1' },
        ],
      },
    });
  });

  it('changes by option and by nameserver', () => {
    expect(changed(config, { options: ['ndots:2', 'use-vc'] }).options).toEqual([
      'timeout:1',
      'attempts:1',
      'ndots:2',
      'use-vc',
    ]);
    expect(changed(config, { nameserver: '169.254.20.10' })).toEqual({
      ...config,
      nameserver: '169.254.20.10',
    });
  });

  it('concerns the pods that look up, be it for a demand or for a call', () => {
    expect(setsThatLookUp(protocol)).toEqual(['app']);
    expect(setsThatLookUp(protocolOf('request-fanout'))).toEqual(['front']);
    expect(setsThatLookUp(protocolOf('saturate'))).toEqual([]);
  });

  it('names services by the run’s namespace wherever a protocol does', () => {
    const { demand } = inNamespace(protocolOf('dns-race'), 'tablefull-1');
    expect(demand).toMatchObject({ name: 'kube-dns.tablefull-1.svc.cluster.local' });
  });
});

describe('the stand-in for the outside', () => {
  it('is a pod and a service beside those of a topology with DNS, on the last node of its pods', () => {
    const protocol = protocolOf('dns-storm');
    expect(placedPods(protocol, workerNames('mine', 3)).at(-1)).toEqual({
      set: OUTSIDE,
      node: 'worker-3',
      hostname: 'mine-worker3',
      replicas: 1,
      hostNetwork: false,
    });
    expect(serviceObjects('ns', protocol).at(-1)).toMatchObject({
      metadata: { name: OUTSIDE },
      spec: { selector: { 'tablefull.lab/set': OUTSIDE }, ports: [{ protocol: 'UDP' }, { protocol: 'TCP' }] },
    });
  });

  it('is left out where there is no DNS', () => {
    const protocol = protocolOf('saturate');
    expect(serviceObjects('ns', protocol).map(({ metadata }) => metadata?.name)).not.toContain(OUTSIDE);
  });
});

describe('metrics in Prometheus’ text format', () => {
  const text = [
    '# TYPE coredns_dns_requests_total counter',
    'coredns_dns_requests_total{family="1",proto="udp",server="dns://:53",type="A",view="",zone="."} 12',
    'coredns_dns_requests_total{family="1",proto="tcp",server="dns://:53",type="AAAA",view="",zone="."} 3',
    'coredns_dns_requests_total{family="1",proto="udp",server="dns://:53",type="other",view="",zone="."} 1',
    'queued_seconds 1.7e+09',
    'queued_seconds_total 2',
  ].join('\n');

  it('are summed over the labels that match', () => {
    expect(sumOf(text, 'coredns_dns_requests_total')).toBe(16);
    expect(sumOf(text, 'coredns_dns_requests_total', /type="(A|AAAA)"/)).toBe(15);
    expect(sumOf(text, 'coredns_cache_misses_total')).toBe(0);
  });

  it('are read without labels as well', () => {
    expect(largest(text, 'queued_seconds')).toBe(1.7e9);
  });
});
