import { EVERY_NODE, namesOf } from '../change/index.ts';
import { changesIn } from './changes-in.ts';
import { NoProtocol, type Scenario } from './define.ts';
import type { Environment } from './environment.ts';
import type { Problem } from './explain-issue.ts';
import { combinations } from './loader.ts';
import { suggestion } from '../util/nearest.ts';
import { loadsIn, type Protocol } from '../schema/protocol.ts';
import { unsound } from './sound.ts';
import { messageOf } from '../util/error-text.ts';

/** The names that a load may refer to. */
interface Named {
  readonly pods?: string | undefined;
  readonly to?: string;
  readonly node?: string;
  readonly service?: string | undefined;
  readonly services?: Readonly<Record<string, string>>;
}

/** Names without an object: pods, services, nodes, remedies. @param known all remedies */
function dangling(protocol: Protocol, known: readonly string[]): readonly Problem[] {
  const { topology, node, canaries, background, client, remedies, ownRemedies } = protocol;
  const check = (place: string, kind: string, name: string, there: readonly string[]): Problem[] =>
    there.includes(name) ? [] : [{ place, why: `unknown ${kind} ${name}; ${suggestion(name, there)}` }];
  const pods = Object.keys(topology.pods);
  const services = Object.keys(topology.services);
  const load = (place: string, it: Named): Problem[] => [
    ...(it.pods === undefined ? [] : check(`${place}.pods`, 'pod set', it.pods, pods)),
    ...(it.node === undefined ? [] : check(`${place}.node`, 'node', it.node, topology.nodes)),
    ...(it.to === undefined ? [] : check(`${place}.to`, 'pod set', it.to, pods)),
    ...(it.service === undefined ? [] : check(`${place}.service`, 'service', it.service, services)),
    ...Object.entries(it.services ?? {}).flatMap(([variable, service]) =>
      check(`${place}.services.${variable}`, 'service', service, services),
    ),
  ];
  return [
    ...Object.entries(topology.pods).flatMap(([set, { nodes }]) =>
      nodes.flatMap((name) => check(`topology.pods.${set}.nodes`, 'node', name, topology.nodes)),
    ),
    ...Object.entries(topology.services).flatMap(([service, { pods: set, calls, proxy }]) => [
      ...check(`topology.services.${service}.pods`, 'pod set', set, pods),
      ...calls.flatMap((call) =>
        check(`topology.services.${service}.calls`, 'service', call.service, services),
      ),
      ...(proxy
        ? check(`topology.services.${service}.proxy.upstream`, 'service', proxy.upstream, services)
        : []),
    ]),
    ...check('node', 'node', node, topology.nodes),
    ...loadsIn(protocol).flatMap(([place, each]) => load(place, each)),
    ...(canaries ? load('canaries', canaries) : []),
    ...check('client', 'load', client, ['demand', ...Object.keys(background)]),
    ...changesIn(protocol).flatMap(({ place, change }) => {
      const named = namesOf(change);
      const nodes = [...topology.nodes, EVERY_NODE];
      return [
        ...(named.nodes ?? []).flatMap((name) => check(`${place}.node`, 'node', name, nodes)),
        ...(named.pods ?? []).flatMap((name) => check(`${place}.pods`, 'pod set', name, pods)),
        ...load(place, { service: named.service }),
      ];
    }),
    ...Object.keys(remedies).flatMap((name) => check(`remedies.${name}`, 'remedy', name, known)),
    ...Object.keys(protocol.why).flatMap((name) =>
      check(`why.${name}`, 'remedy', name, [...Object.keys(remedies), ...Object.keys(ownRemedies)]),
    ),
    ...Object.keys(ownRemedies).flatMap((name) =>
      known.includes(name)
        ? [{ place: `ownRemedies.${name}`, why: `the remedy ${name} exists already; use another name` }]
        : [],
    ),
  ];
}

/** Tries every combination of parameters in each environment. @returns each problem once */
export function problemsOf(
  scenario: Scenario,
  environments: readonly Environment[],
  known: readonly string[],
): readonly Problem[] {
  const problems = combinations(scenario.params).flatMap((params) =>
    environments.flatMap((environment) => {
      const made = soundProtocol(scenario, params, environment, known);
      return 'problems' in made ? made.problems : [];
    }),
  );
  return [...new Map(problems.map((problem) => [`${problem.place}: ${problem.why}`, problem])).values()];
}

/** Names without an object, and contradictions, in a protocol. */
export function problemsIn(protocol: Protocol, known: readonly string[]): readonly Problem[] {
  return [...dangling(protocol, known), ...unsound(protocol)];
}

/** The checked protocol for these parameters, or its problems. */
export function soundProtocol(
  scenario: Scenario,
  params: Readonly<Record<string, string>>,
  environment: Environment,
  known: readonly string[],
): { readonly protocol: Protocol } | { readonly problems: readonly Problem[] } {
  try {
    const protocol = scenario.protocol(params, environment);
    const problems = problemsIn(protocol, known);
    return problems.length > 0 ? { problems } : { protocol };
  } catch (error) {
    if (error instanceof NoProtocol) return { problems: error.problems };
    return { problems: [{ place: '', why: messageOf(error) }] };
  }
}
