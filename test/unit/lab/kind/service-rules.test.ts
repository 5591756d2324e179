import { describe, expect, it } from 'vitest';
import type { Host } from '../../../../src/host/host.ts';
import {
  inIptables,
  inIpvs,
  inNftables,
  programmedEndpoints,
} from '../../../../src/lab/kind/inside/service-rules.ts';

const WEB = '172.30.0.41';
const TWO = ['10.180.0.1', '10.180.0.2'];

/** As iptables 1.8 lists them. The last two chains are what a sync has left of an older endpoint. */
const IPTABLES = `-P PREROUTING ACCEPT
-N KUBE-SERVICES
-A KUBE-SEP-AXIVWICOYRO3J4NJ -p tcp -m comment --comment "tf/web:tcp" -m tcp -j DNAT --to-destination 10.180.0.2:8080
-A KUBE-SEP-SXIVWICOYRO3J4NJ -s 10.180.0.1/32 -m comment --comment "tf/web:tcp" -j KUBE-MARK-MASQ
-A KUBE-SEP-SXIVWICOYRO3J4NJ -p tcp -m comment --comment "tf/web:tcp" -m tcp -j DNAT --to-destination 10.180.0.1:8080
-A KUBE-SERVICES -d 172.30.0.41/32 -p tcp -m comment --comment "tf/web:tcp cluster IP" -m tcp --dport 80 -j KUBE-SVC-XPGD46QRK7WJZT7O
-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-SVC-XPGD46QRK7WJZT7O ! -s 10.0.0.0/24 -d 172.30.0.41/32 -p tcp -m comment --comment "tf/web:tcp cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
-A KUBE-SVC-XPGD46QRK7WJZT7O -m comment --comment "tf/web:tcp -> 10.180.0.1:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-SXIVWICOYRO3J4NJ
-A KUBE-SVC-XPGD46QRK7WJZT7O -m comment --comment "tf/web:tcp -> 10.180.0.2:8080" -j KUBE-SEP-AXIVWICOYRO3J4NJ
-A KUBE-SVC-OLDVIQS5QBZQUMMC -m comment --comment "tf/none:tcp -> 10.180.0.9:8080" -j KUBE-SEP-OLDBDAUWOLCFQBXD
-A KUBE-SEP-OLDBDAUWOLCFQBXD -p tcp -m comment --comment "tf/none:tcp" -m tcp -j DNAT --to-destination 10.180.0.9:8080
`;

/** As nft 1.0.6 lists them. The chains of the endpoint 10.180.0.9 and of its service are left from before. */
const NFTABLES = `table ip kube-proxy {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		comment "ClusterIP, ExternalIP and LoadBalancer IP traffic"
		elements = { 172.30.0.4 . udp . 53 : goto service-42NFTM6N-tf/dns/udp/udp,
			     172.30.0.4 . tcp . 53 : goto service-8BUNFTM6-tf/dns/tcp/tcp,
			     172.30.0.41 . tcp . 80 : goto service-ULMVA6XW-tf/web/tcp/tcp }
	}

	map no-endpoint-services {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 172.30.0.43 . tcp . 80 comment "tf/none:tcp" : goto reject-chain }
	}

	chain endpoint-5OJB2KTY-tf/web/tcp/tcp__10.180.0.1/8080 {
		ip saddr 10.180.0.1 jump mark-for-masquerade
		meta l4proto tcp dnat to 10.180.0.1:8080
	}

	chain endpoint-AOJB2KTY-tf/web/tcp/tcp__10.180.0.2/8080 {
		ip saddr 10.180.0.2 jump mark-for-masquerade
		meta l4proto tcp dnat to 10.180.0.2:8080
	}

	chain endpoint-OLDB2KTY-tf/none/tcp/tcp__10.180.0.9/8080 {
		meta l4proto tcp dnat to 10.180.0.9:8080
	}

	chain endpoint-DNSB2KTY-tf/dns/udp/udp__10.180.0.3/53 {
		meta l4proto udp dnat to 10.180.0.3:53
	}

	chain endpoint-DNTB2KTY-tf/dns/tcp/tcp__10.180.0.4/53 {
		meta l4proto tcp dnat to 10.180.0.4:53
	}

	chain service-ULMVA6XW-tf/web/tcp/tcp {
		ip daddr 172.30.0.41 ip saddr != 10.0.0.0/8 jump mark-for-masquerade
		numgen random mod 2 vmap { 0 : goto endpoint-5OJB2KTY-tf/web/tcp/tcp__10.180.0.1/8080, 1 : goto endpoint-AOJB2KTY-tf/web/tcp/tcp__10.180.0.2/8080 }
	}

	chain service-OLDVA6XW-tf/none/tcp/tcp {
		numgen random mod 1 vmap { 0 : goto endpoint-OLDB2KTY-tf/none/tcp/tcp__10.180.0.9/8080 }
	}

	chain service-42NFTM6N-tf/dns/udp/udp {
		numgen random mod 1 vmap { 0 : goto endpoint-DNSB2KTY-tf/dns/udp/udp__10.180.0.3/53 }
	}

	chain service-8BUNFTM6-tf/dns/tcp/tcp {
		numgen random mod 1 vmap { 0 : goto endpoint-DNTB2KTY-tf/dns/tcp/tcp__10.180.0.4/53 }
	}
}
`;

/** /proc/net/ip_vs: the endpoint 10.180.0.9 was removed, and has connections. */
const IPVS = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
UDP  AC1E0004:0035 rr  
  -> 0AB40003:0035      Masq    1      0          0         
TCP  AC1E0029:0050 rr  
  -> 0AB40009:1F90      Masq    0      3          0         
  -> 0AB40002:1F90      Masq    1      0          0         
  -> 0AB40001:1F90      Masq    1      12         4         
TCP  AC1E002B:0050 rr  
`;

describe('where kube-proxy’s rules lead from a service’s address', () => {
  it('in iptables mode, along the chains that are in use', () => {
    expect(inIptables(IPTABLES, WEB)).toEqual([TWO]);
    expect(inIptables(IPTABLES, '172.30.0.4')).toEqual([]);
    expect(inIptables(IPTABLES, '172.30.0.43')).toEqual([]);
  });

  it('in nftables mode, along the chains that are in use, for each port', () => {
    expect(inNftables(NFTABLES, WEB)).toEqual([TWO]);
    expect(inNftables(NFTABLES, '172.30.0.4')).toEqual([['10.180.0.3'], ['10.180.0.4']]);
    expect(inNftables(NFTABLES, '172.30.0.43')).toEqual([]);
  });

  it('in ipvs mode, without an endpoint that only ends its connections', () => {
    expect(inIpvs(IPVS, WEB)).toEqual([TWO]);
    expect(inIpvs(IPVS, '172.30.0.43')).toEqual([[]]);
    expect(inIpvs(IPVS, '172.30.0.44')).toEqual([]);
  });

  it('by the mode that kube-proxy runs in', async () => {
    const asked: string[] = [];
    const host: Pick<Host, 'iptables' | 'tableText'> = {
      iptables: (args) => Promise.resolve(asked.push(args.join(' ')) > 0 ? IPTABLES : undefined),
      tableText: (name) => Promise.resolve(asked.push(name) > 0 ? NFTABLES : ''),
    };
    expect(await programmedEndpoints(host, 'iptables', WEB)).toEqual([TWO]);
    expect(await programmedEndpoints(host, 'nftables', WEB)).toEqual([TWO]);
    expect(asked).toEqual(['-t nat -S', 'kube-proxy']);
    await expect(programmedEndpoints(host, 'winkernel', WEB)).rejects.toThrow(
      "can't read the rules of kube-proxy's mode winkernel",
    );
    const bare = { ...host, iptables: () => Promise.resolve(undefined) };
    await expect(programmedEndpoints(bare, 'iptables', WEB)).rejects.toThrow('does not list the table nat');
  });
});
