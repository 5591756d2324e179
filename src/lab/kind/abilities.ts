import { immediateOf, notOnCluster, notInPhase, type Change, type ChangeOf } from '../../change/index.ts';
import { kindOf } from '../../load/index.ts';
import { changesOf, type Protocol } from '../../schema/protocol.ts';

const NOT_YET = 'is not supported on --lab kind yet';

/** An app that runs in no pod of a cluster yet. */
const NGINX = 'nginx';

/** Why this version can't run a scenario, or make a change, in a cluster. */
export function cannot(what: Protocol | Change): string | undefined {
  return 'kind' in what ? cannotMake(what) : cannotShow(what);
}

function cannotMake(change: Change): string | undefined {
  const why = change.kind === 'event' ? (notInPhase(change.change) ?? atZero(change)) : undefined;
  return why ?? notOnCluster(immediateOf(change));
}

/** The nodes begin a phase before the cluster does, with what is due at 0; they would wait for a restart until then. */
function atZero({ at, change }: Pick<ChangeOf<'event'>, 'at' | 'change'>): string | undefined {
  return change.kind === 'kube-proxy' && at === 0
    ? 'a kube-proxy change at 0 s: it takes seconds; give it a later time, or make it in `prepare`'
    : undefined;
}

function cannotShow(protocol: Protocol): string | undefined {
  const { topology, demand } = protocol;
  if (Object.values(topology.services).some(({ app }) => app === NGINX))
    return `a service of the app ${NGINX} ${NOT_YET}`;
  if (Object.values(topology.services).some(({ hostPort }) => hostPort)) return `a hostPort ${NOT_YET}`;
  if (Object.values(topology.pods).some(({ asymmetric }) => asymmetric))
    return `a pod with a second interface ${NOT_YET}`;
  // A change of the Corefile exchanges CoreDNS' pods, and their tables with them.
  if (
    Object.values(topology.services).some(({ app, pods }) => app === 'dns' && topology.pods[pods]?.ownTable)
  )
    return `ownTable of DNS pods ${NOT_YET}`;
  const needs = kindOf(demand).lab(demand);
  if (needs?.cluster === false) return needs.why;
  return [...changesOf(protocol).map(cannotMake), ...protocol.events.map(atZero)].find(
    (reason) => reason !== undefined,
  );
}
