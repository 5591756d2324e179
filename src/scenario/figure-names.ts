import { CONNTRACK_COUNTERS } from '../kernel/counter-names.ts';
import { k6Loads, type Protocol } from '../schema/protocol.ts';
import { LOAD_UNITS, plannedBy } from '../schema/load.ts';
import { nearest } from '../util/nearest.ts';

/*
 * Which figures a run of a protocol may have: docs/reference/figures.md says what each is. Names are open-ended (an
 * outcome's is the client's own words), so this tells a wrong unit, node, counter or measure, and no more.
 */

/** Of a unit (`requests.failed.rate`), besides its percentiles and outcomes. */
const OF_A_UNIT = [
  ...['offered', 'answered', 'failed', 'failed.rate', 'late', 'max', 'firstFailure', 'lastFailure'],
  ...['slow.rate', 'failed.inARow', 'recovery', 'stragglers'],
  ...['resent', 'retried', 'retried.rate', 'unconnected', 'unanswered'],
];
/** Of a unit on one node, where the load runs on several. */
const OF_A_UNIT_ON_A_NODE = ['answered', 'failed'];
/** Of a node's table; those of another node have its name before them. */
const OF_A_TABLE = [
  ...['entries.first', 'entries.max', 'entries.last', 'limit', 'buckets', 'free.min', 'samples'],
  ...['entries.rate', 'entries.deriv', 'chain.mean', 'bucket.size'],
  ...['full.after', 'relief.after', 'warning.75', 'warning.90', 'warning.95'],
  ...CONNTRACK_COUNTERS.map((counter) => `${counter}.delta`),
];
/** Of a node's packets, as its rules count them. */
export const PACKETS: readonly string[] = [
  ...[
    'before',
    'after',
    'offered',
    'passed',
    'forwarded',
    'reversePath',
    'entered',
    'invalid',
    'untranslated',
    'rst',
    'escaped',
    'dropped',
  ],
];
const DERIVED = [
  ...[
    'conservation',
    'relief',
    'flushed',
    'entries.perOffered',
    'entries.perAnswered',
    'untranslated.perOffered',
  ],
  ...['clashes.perOffered', 'entries.perRate'],
  ...['evicted.excess', 'evicted.share', 'evicted.rate', 'table.bytes'],
];
/** Of the lab itself and of the machine that it is on: what keeps a phase from being judged. */
export const OF_THE_HARNESS: readonly string[] = [
  ...['waited', 'waited.main', 'waited.most', 'throttled', 'quota', 'cpu', 'stopped'],
  ...['loop.p99', 'loop.max', 'loop.utilisation'],
].map((name) => `harness.${name}`);
export const OF_THE_MACHINE: readonly string[] = ['steal', 'busy', 'pressure', 'cpus'].map(
  (name) => `machine.${name}`,
);
/** Of a reconnect load. */
const OF_A_CROWD = ['back.half', 'back.all', 'back.late'];
const OF_LOOKUPS = [
  'queries',
  'queries.perLookup',
  ...['queries', 'entries'].flatMap((what) =>
    ['one-dot', 'two-dots'].map((name) => `${what}.perLookup.${name}`),
  ),
];
/** Of a stand-in for the outside, where the cluster's DNS asks one. */
const OF_THE_OUTSIDE = ['outside.udp', 'outside.tcp'];
const OF_SERVERS = ['server.resets'];
/** Of pods whose own program may end, from their status. */
const OF_PODS = ['pods.restarts', 'pods.CrashLoopBackOff'];
/** Of k6 scripts, besides `threshold.METRIC`. */
const OF_A_SCRIPT = ['checks.passed', 'checks.failed', 'checks.rate', 'checks.failed.rate'];

/** Of the kube-proxy of the node under test. */
const OF_KUBE_PROXY = ['cpu', 'cpu.share', 'rss', 'syncs', 'syncing', 'scans', 'scanning', 'deleted'];

/** These may be below 0. */
const SIGNED = ['free.min', 'conservation', 'relief', 'flushed', 'entries.deriv', 'evicted.excess'];

/** A figure as it is named in a verdict: `lookup.p(95)` is `lookups.p(95)`, and `connect` is what the demand connects for. */
export function canonicalFigure(name: string, protocol: Protocol): string {
  const [head = '', ...rest] = name.split('.');
  const units = unitsOf(protocol);
  if (units.includes(head)) return name;
  const { kind } = protocol.demand;
  const meant = head === 'connect' && kind !== 'dns-client' ? LOAD_UNITS[kind] : `${head}s`;
  return units.includes(meant) ? [meant, ...rest].join('.') : name;
}

/**
 * Why a protocol's run has no such figure, with the mend.
 *
 * @returns undefined where it may have one
 */
export function whyNoFigure(name: string, protocol: Protocol): string | undefined {
  const { node, topology, inspect } = protocol;
  const [head = '', ...rest] = name.split('.');
  const tail = rest.join('.');
  if (unitsOf(protocol).includes(head)) return whyNotOfUnit(head, tail);
  const other = topology.nodes.find((each) => name.startsWith(`${each}.`));
  if (other !== undefined) {
    const own = name.slice(other.length + 1);
    const units = unitsOf(protocol).flatMap((unit) => OF_A_UNIT_ON_A_NODE.map((each) => `${unit}.${each}`));
    if (units.includes(own)) return undefined;
    if (other === node) return `figures of the node under test have no prefix; write ${own}`;
    return isOneOf(own, ofANode())
      ? undefined
      : unknown(
          name,
          ofANode().map((each) => `${other}.${each}`),
        );
  }
  if (head === 'state' || head === 'timeout')
    return inspect.includes('states') ? undefined : `${name} is not read; add inspect: [states]`;
  if (head === 'pod') {
    const sockets = name.endsWith('.sockets');
    if (!inspect.includes('culprit') && (sockets || !inspect.includes('pods')))
      return `${name} is not read; add inspect: [${sockets ? 'culprit' : 'pods'}]`;
    return /^pod\..+\.(entries|sockets)$/.test(name)
      ? undefined
      : `there is no figure ${name}; write pod.NAME.entries`;
  }
  if (head === 'procfs')
    return inspect.includes('procfs') ? undefined : `${name} is not read; add inspect: [procfs]`;
  if (head === 'kubeproxy') return whyNotOfKubeProxy(name, tail, inspect);
  if (head === 'threshold' && tail !== '' && k6Loads(protocol).length > 0) return undefined;
  if (name === 'dump.ms')
    return inspect.includes('culprit') ? undefined : `${name} is not read; add inspect: [culprit]`;
  return isOneOf(name, withoutUnit(protocol)) ? undefined : unknown(name, all(protocol));
}

/** Is it a share of the demand, by which remedies may be judged? Of `checks.rate`, 1 is the best. */
export function isShare(name: string): boolean {
  if (name === 'checks.rate') return false;
  return /[.](rate|share|perOffered)$/.test(name) || name === 'back.late';
}

/** The least and the most that a figure can be in any run of a protocol. */
export function rangeOf(name: string, protocol: Protocol): readonly [least: number, most: number] {
  if (SIGNED.some((each) => name === each || name.endsWith(`.${each}`))) return [-Infinity, Infinity];
  if (name.endsWith('.failed.rate') || name === 'checks.rate' || name.startsWith('threshold.')) return [0, 1];
  if (name === 'harness.loop.utilisation') return [0, 1];
  const unit = LOAD_UNITS[protocol.demand.kind];
  const counted = name.startsWith(`${unit}.`) && /\.(offered|answered|failed|\(.*)$/.test(name);
  return [0, counted ? plannedBy(protocol.demand) : Infinity];
}

/** What a protocol's loads count, as their figures begin. */
function unitsOf({ demand, canaries, background }: Protocol): readonly string[] {
  return [LOAD_UNITS[demand.kind], ...(canaries ? [LOAD_UNITS.keepalive] : []), ...Object.keys(background)];
}

function whyNotOfKubeProxy(name: string, tail: string, inspect: Protocol['inspect']): string | undefined {
  if (!OF_KUBE_PROXY.includes(tail))
    return unknown(
      name,
      OF_KUBE_PROXY.map((each) => `kubeproxy.${each}`),
    );
  return inspect.includes('kube-proxy') ? undefined : `${name} is not read; add inspect: [kube-proxy]`;
}

function whyNotOfUnit(unit: string, measure: string): string | undefined {
  const per = /^p\((.*)\)$/.exec(measure)?.[1];
  if (per !== undefined)
    return /^\d+(\.\d+)?$/.test(per) && Number(per) <= 100
      ? undefined
      : `there is no percentile ${per}; write ${unit}.p(N) with N from 0 to 100`;
  // An outcome is told by its bracket, capital or blank; see `figure` of the judge.
  if (OF_A_UNIT.includes(measure) || /^[(A-Z]|^.* |^waited\.\d+s$/.test(measure)) return undefined;
  const measures = [...OF_A_UNIT, 'p(95)'];
  const meant = nearest(measure, measures);
  const mend =
    meant === undefined
      ? `write ${unit}. and one of ${measures.join(', ')}`
      : `did you mean ${unit}.${meant}?`;
  return `there is no figure ${unit}.${measure}; ${mend}`;
}

function ofANode(): readonly string[] {
  return [...OF_A_TABLE, ...PACKETS.map((packets) => `packets.${packets}`)];
}

/** Those that do not begin with what a load counts. */
function withoutUnit(protocol: Protocol): readonly string[] {
  const { topology, demand } = protocol;
  const apps = Object.values(topology.services).map(({ app }) => app);
  return [
    ...ofANode(),
    ...DERIVED,
    ...OF_THE_HARNESS,
    ...OF_THE_MACHINE,
    ...(apps.includes('dns') ? ['queries', ...OF_THE_OUTSIDE] : []),
    ...(demand.kind === 'dns-client' ? OF_LOOKUPS : []),
    ...(demand.kind === 'reconnect' ? OF_A_CROWD : []),
    ...(apps.includes('boom-server') ? OF_SERVERS : []),
    ...(apps.includes('boom-pod') ? OF_PODS : []),
    ...(k6Loads(protocol).length > 0 ? OF_A_SCRIPT : []),
  ];
}

function all(protocol: Protocol): readonly string[] {
  const measures = [...OF_A_UNIT, 'p(50)', 'p(95)'];
  return [
    ...unitsOf(protocol).flatMap((unit) => measures.map((each) => `${unit}.${each}`)),
    ...withoutUnit(protocol),
  ];
}

/** Totals may be finer than those that every lab has: `packets.dns.offered`. */
function isOneOf(name: string, names: readonly string[]): boolean {
  return names.includes(name) || /^packets(\.[a-z-]+){2,}$/.test(name);
}

function unknown(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  const beginnings = [...new Set(names.map((each) => each.split('.')[0] ?? ''))];
  return `there is no figure ${name}; ${meant === undefined ? `they begin with ${beginnings.join(', ')}: docs/reference/figures.md` : `did you mean ${meant}?`}`;
}
