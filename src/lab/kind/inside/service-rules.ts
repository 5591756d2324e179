import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { PROXY_MODES } from '../../../change/proxy-modes.ts';
import type { Host } from '../../../host/host.ts';

/** The virtual servers of the network namespace of this process. */
const VIRTUAL_SERVERS = '/proc/net/ip_vs';

const modeSchema = z.enum(PROXY_MODES);

type RulesHost = Pick<Host, 'iptables' | 'tableText'>;

/** For each port of a service with rules: the addresses of its endpoints, sorted. */
export type ProgrammedEndpoints = readonly (readonly string[])[];

/**
 * Where kube-proxy's rules lead from a service's address. References are followed from the address, since
 * kube-proxy leaves unused chains in place for a while.
 *
 * @param mode in which kube-proxy runs: rules of another mode may be left
 * @throws Error where the mode is unknown, or the node does not show such rules
 */
export async function programmedEndpoints(
  host: RulesHost,
  mode: string,
  address: string,
): Promise<ProgrammedEndpoints> {
  const known = modeSchema.safeParse(mode);
  if (!known.success) throw new Error(`can't read the rules of kube-proxy's mode ${mode}`);
  switch (known.data) {
    case 'iptables': {
      const rules = await host.iptables(['-t', 'nat', '-S']);
      if (rules === undefined) throw new Error("the node's iptables does not list the table nat");
      return inIptables(rules, address);
    }
    case 'nftables':
      return inNftables(await host.tableText('kube-proxy'), address);
    case 'ipvs':
      return inIpvs(readFileSync(VIRTUAL_SERVERS, 'utf8'), address);
  }
}

/** @param listed what `iptables -t nat -S` prints */
export function inIptables(listed: string, address: string): ProgrammedEndpoints {
  const rules = listed.split('\n');
  const targets = (chain: string, target: RegExp): readonly string[] =>
    rules.filter((rule) => rule.startsWith(`-A ${chain} `)).flatMap((rule) => target.exec(rule)?.[1] ?? []);
  return rules
    .filter((rule) => rule.startsWith('-A KUBE-SERVICES ') && rule.includes(` -d ${address}/32 `))
    .map((rule) => / -j (\S+)$/.exec(rule)?.[1] ?? '')
    .map((service) => targets(service, / -j (KUBE-SEP-\S+)$/))
    .map((endpoints) => unique(endpoints.flatMap((chain) => targets(chain, / --to-destination ([\d.]+)/))));
}

/** @param listed what `nft list table ip kube-proxy` prints */
export function inNftables(listed: string, address: string): ProgrammedEndpoints {
  const blocks = new Map(
    [...listed.matchAll(/^\t((?:chain|map) \S+) \{\n(.*?)^\t\}/gms)].map(([, name = '', body = '']) => [
      name,
      body,
    ]),
  );
  const key = `${address.replaceAll('.', String.raw`\.`)} \\. \\w+ \\. \\w+`;
  const elements = new RegExp(String.raw`\s${key}[^,:}]*: goto ([^\s,}]+)`, 'g');
  const services = (blocks.get('map service-ips') ?? '').matchAll(elements);
  return [...services].map(([, service = '']) => {
    const endpoints = (blocks.get(`chain ${service}`) ?? '').matchAll(/goto ([^\s,}]+)/g);
    return unique(
      [...endpoints].flatMap(
        ([, endpoint = '']) => /dnat to ([\d.]+)/.exec(blocks.get(`chain ${endpoint}`) ?? '')?.[1] ?? [],
      ),
    );
  });
}

/** @param listed the text of /proc/net/ip_vs; a removed endpoint has the weight 0 until its connections end */
export function inIpvs(listed: string, address: string): ProgrammedEndpoints {
  const local = address
    .split('.')
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
  return listed
    .split(/^(?=\S)/m)
    .filter((server) => server.split(/\s+/)[1]?.startsWith(`${local}:`) === true)
    .map((server) => {
      const endpoints = server.matchAll(/^ +-> ([\dA-F]{8}):[\dA-F]{4}\s+\w+\s+[1-9]/gm);
      return unique([...endpoints].map(([, hex = '']) => [...Buffer.from(hex, 'hex')].join('.')));
    });
}

function unique(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses)].sort();
}
