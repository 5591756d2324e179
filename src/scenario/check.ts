import { EVERY_NODE, type Change } from './change.ts';
import type { Environment, Params, Scenario } from './define.ts';
import type { Load } from './load.ts';
import type { Protocol } from './protocol.ts';

/**
 * What a protocol names and does not have: pods, services, nodes, remedies. A line each, with the place and the
 * mend; none where all is well.
 *
 * @param known the remedies there are
 */
export function danglingNames(protocol: Protocol, known: readonly string[]): readonly string[] {
  const { topology, node, demand, canaries, background, events, fault, remedies } = protocol;
  const check = (place: string, kind: string, name: string, there: readonly string[]): string[] =>
    there.includes(name)
      ? []
      : [`${place}: there is no ${kind} ${name}; use ${there.join(', ') || 'one after adding it'}`];
  const pods = Object.keys(topology.pods);
  const services = Object.keys(topology.services);
  const load = (place: string, it: Load): string[] => [
    ...check(`${place}.pods`, 'pod set', it.pods, pods),
    ...('service' in it ? check(`${place}.service`, 'service', it.service, services) : []),
  ];
  return [
    ...Object.entries(topology.pods).flatMap(([set, { nodes }]) =>
      nodes.flatMap((name) => check(`topology.pods.${set}.nodes`, 'node', name, topology.nodes)),
    ),
    ...Object.entries(topology.services).flatMap(([service, { pods: set }]) =>
      check(`topology.services.${service}.pods`, 'pod set', set, pods),
    ),
    ...Object.entries(topology.services).flatMap(([service, { proxy }]) =>
      proxy ? check(`topology.services.${service}.proxy.upstream`, 'service', proxy.upstream, services) : [],
    ),
    ...check('node', 'node', node, topology.nodes),
    ...load('demand', demand),
    ...(canaries ? load('canaries', canaries) : []),
    ...Object.entries(background).flatMap(([name, each]) => load(`background.${name}`, each)),
    ...[
      { place: 'fault', change: fault },
      ...events.map(({ change }, i) => ({ place: `events.${String(i)}`, change })),
    ].flatMap(({ place, change }) => [
      ...nodeOf(change).flatMap((name) =>
        check(`${place}.node`, 'node', name, [...topology.nodes, EVERY_NODE]),
      ),
      ...podsOf(change).flatMap((name) => check(`${place}.pods`, 'pod set', name, pods)),
    ]),
    ...Object.keys(remedies).flatMap((name) => check('remedies', 'remedy', name, known)),
  ];
}

function nodeOf(change: Change): string[] {
  if (change.kind === 'event') return nodeOf(change.change);
  return 'node' in change ? [change.node] : [];
}

function podsOf(change: Change): string[] {
  if (change.kind === 'event') return podsOf(change.change);
  return change.kind === 'pod-sysctl' ? [change.pods] : [];
}

/**
 * What is wrong with a scenario, whatever its parameters: every combination is tried.
 *
 * @returns lines, each once
 */
export function problemsOf(
  scenario: Scenario,
  environment: Environment,
  known: readonly string[],
): readonly string[] {
  const problems = combinations(scenario.params).flatMap((params) => {
    try {
      return danglingNames(scenario.protocol(params, environment), known);
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  });
  return [...new Set(problems)];
}

function combinations(params: Params): readonly Record<string, string>[] {
  return Object.entries(params).reduce<Record<string, string>[]>(
    (before, [name, { values }]) =>
      before.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );
}
