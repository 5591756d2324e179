import { lacks, notAs, notInPhase } from '../change/index.ts';
import { changesIn } from './changes-in.ts';
import { compare, parseExpectation, type Expectation, type Term } from '../schema/expectation.ts';
import type { Problem } from './explain-issue.ts';
import { hostNetworkProblems } from './host-network.ts';
import { figureNamed, rangeOf, whyNoFigure } from '../figure/names.ts';
import { expectationsIn, figuresNamed } from '../schema/figures-named.ts';
import { kindOf } from '../load/index.ts';
import { CANARIES } from '../load/keepalive/schema.ts';
import { unsoundLoadChanges } from './load-change.ts';
import { loadsIn, squeezeIn, type Protocol } from '../schema/protocol.ts';
import { serviceOf } from '../schema/topology.ts';
import { machineSysctlProblems } from './machine-sysctls.ts';
import { ownTableProblems } from './own-table.ts';
import { placeBelow } from './explain-issue.ts';

/**
 * Contradictions in a protocol whose names all exist: missing figures, impossible thresholds, unanswered
 * loads, changes that can't be applied or undone.
 */
export function unsound(protocol: Protocol): readonly Problem[] {
  return [
    ...loads(protocol),
    ...changes(protocol),
    ...unsoundLoadChanges(protocol),
    ...figures(protocol),
    ...thresholds(protocol),
    ...takenNames(protocol),
    ...hostNetworkProblems(protocol),
    ...ownTableProblems(protocol),
    ...machineSysctlProblems(protocol),
  ];
}

function loads(protocol: Protocol): readonly Problem[] {
  const { topology, canaries } = protocol;
  const offered = loadsIn(protocol).map(([place, load]) => ({ place, load, ...kindOf(load) }));
  const all = [...offered, ...(canaries ? [{ place: 'canaries', load: canaries, ...CANARIES }] : [])];
  const unanswered = all.flatMap(({ place, load, answeredBy }): Problem[] => {
    const app = serviceOf(load, topology)?.app;
    if (answeredBy === undefined || app === undefined || answeredBy.includes(app)) return [];
    const wanted = answeredBy.join(' or ');
    return [
      { place: `${place}.service`, why: `a ${load.kind} needs a service with app: ${wanted}, not ${app}` },
    ];
  });
  const served = Object.values(topology.services).some(({ app }) => app === 'dns');
  const unresolved = offered
    .filter(({ dns }) => dns === 'resolver')
    .flatMap(({ place }) => [
      ...(topology.resolver
        ? []
        : [{ place, why: 'lookups need topology.resolver; add search and options' }]),
      ...(served
        ? []
        : [{ place, why: 'lookups need a service with app: dns; add one to topology.services' }]),
    ]);
  return [...unanswered, ...unresolved];
}

/** Changes that can't be what they are to the run, wherever they are written, and whether scheduled or not. */
function changes(protocol: Protocol): readonly Problem[] {
  const { topology, node } = protocol;
  const squeeze = squeezeIn(protocol);
  const elsewhere =
    squeeze !== undefined && squeeze.node !== node && topology.nodes.includes(node)
      ? [{ place: 'fault.node', why: `the squeeze must be on the node under test; use ${node}` }]
      : [];
  const each = changesIn(protocol).flatMap(({ place, part, scheduled, change }): readonly Problem[] => {
    const whys = [
      part === 'fault' || part === 'remedy' ? notAs(part, change) : undefined,
      scheduled ? notInPhase(change) : undefined,
    ];
    return [
      ...whys.flatMap((why) => (why === undefined ? [] : [{ place: `${place}.kind`, why }])),
      ...[lacks(change, topology)].flatMap((why) => (why === undefined ? [] : [{ place, why }])),
    ];
  });
  return [...elsewhere, ...each];
}

function figures(protocol: Protocol): readonly Problem[] {
  return figuresNamed(protocol).flatMap(({ place, figure }) => {
    const why = whyNoFigure(figure, protocol);
    return why === undefined ? [] : [{ place, why }];
  });
}

function thresholds(protocol: Protocol): readonly Problem[] {
  const { symptom, remedies, ownRemedies, expectations } = protocol;
  const inPhases = expectationsIn(protocol).flatMap(({ place, text }) => {
    const expectation = parseExpectation(text);
    const { term, other } = expectation;
    const ofFault =
      placeBelow('symptom', place) !== undefined && [term, other].some((each) => each?.phase === 'fault');
    if (ofFault)
      return [{ place, why: 'the symptom is about the fault’s phase already; leave out `fault.`' }];
    const why = impossible(expectation, protocol);
    return why === undefined ? [] : [{ place, why: `\`${text}\` can’t be met: ${why}` }];
  });
  const known = ['baseline', 'fault', ...Object.keys(remedies), ...Object.keys(ownRemedies)];
  const unknown = Object.keys(expectations)
    .filter((phase) => !known.includes(phase))
    .map((phase) => ({
      place: `expectations.${phase}`,
      why: `unknown phase ${phase}; use ${known.join(', ')}`,
    }));
  const share =
    figureNamed(symptom.loss, protocol)?.loss === true
      ? []
      : [{ place: 'symptom.loss', why: 'must be a share from 0 to 1, such as requests.failed.rate' }];
  return [...inPhases, ...unknown, ...share];
}

/** Why no value of the figures meets it; undefined where one does. */
function impossible({ term, operator, number, other }: Expectation, protocol: Protocol): string | undefined {
  const range = ({ figure }: Term): readonly number[] => rangeOf(figure, protocol);
  const lefts = range(term);
  const same =
    other !== undefined && other.phase === term.phase && other.figure === term.figure && number === 1;
  if (same) return compare(0, operator, 0) ? undefined : 'it compares a figure with itself';
  const rights =
    other === undefined ? [number] : range(other).map((bound) => (bound === 0 ? 0 : bound * number));
  const [least, most] = [Math.min(...lefts), Math.max(...lefts)];
  const [lowest, highest] = [Math.min(...rights), Math.max(...rights)];
  const possible = {
    '<': least < highest,
    '<=': least <= highest,
    '>': most > lowest,
    '>=': most >= lowest,
    '==': least <= highest && most >= lowest,
    '!=': true,
  }[operator];
  if (possible) return undefined;
  return `${term.figure} is ${most === Infinity ? `never below ${String(least)}` : `from ${String(least)} to ${String(most)}`}`;
}

/** Names that expectations and options reserve. */
const TAKEN = ['baseline', 'fault', 'symptom', 'none'];

function takenNames({ ownRemedies }: Protocol): readonly Problem[] {
  return Object.keys(ownRemedies)
    .filter((name) => TAKEN.includes(name))
    .map((name) => ({ place: `ownRemedies.${name}`, why: `the name ${name} is reserved; use another` }));
}
