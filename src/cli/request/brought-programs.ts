import { extname } from 'node:path';
import { immediateOf, runsOf } from '../../change/index.ts';
import { kindOf } from '../../load/index.ts';
import type { Remedy } from '../../remedy/remedy.ts';
import { changesIn } from '../../scenario/changes-in.ts';
import { isPath, MODULE_ENDINGS } from '../../scenario/loader.ts';
import { linesOn, onOneLine, type Located } from '../../scenario/located.ts';
import type { Environment } from '../../scenario/environment.ts';
import type { Problem } from '../../scenario/explain-issue.ts';
import { loadsIn, type Protocol } from '../../schema/protocol.ts';

/** Why `--no-commands` refuses a scenario file before it is loaded: loading a module runs it. */
export function moduleRefused(file: string): string | undefined {
  return MODULE_ENDINGS.includes(extname(file))
    ? `${file}: a module is a program: refused by --no-commands; write the scenario in YAML`
    : undefined;
}

/**
 * Programs that no scenario brings: tablefull found or built them on this machine. A bare name is what a scenario
 * says where none is installed; the PATH decides.
 */
function foundIn({ kubeProxy, kubeProxies = {}, nginx }: Environment): readonly string[] {
  const paths = [kubeProxy, nginx, ...Object.values(kubeProxies)].filter((path) => path !== undefined);
  return ['kube-proxy', 'nginx', ...paths];
}

/** The programs that a scenario brings, and where. */
function programsOf(protocol: Protocol, environment: Environment): readonly Problem[] {
  const found = foundIn(environment);
  const proxies = Object.entries(protocol.topology.services).flatMap(([name, { proxy }]) =>
    proxy === undefined || found.includes(proxy.program)
      ? []
      : [{ place: `topology.services.${name}.proxy.program`, why: `the program ${proxy.program}` }],
  );
  return [
    ...proxies,
    ...loadsIn(protocol).map(([place, load]) => ({ place, why: kindOf(load).runs(load, found) })),
    ...changesIn(protocol).map(({ place, change }) => ({ place, why: runsOf(change, found) })),
  ].flatMap(({ place, why }) => (why === undefined ? [] : [{ place, why: `it runs ${why}` }]));
}

/** What a run was given, as far as it may bring programs. */
export interface Given {
  readonly named: string;
  readonly at: Located['at'];
  readonly protocol: Protocol;
  readonly environment: Environment;
  readonly remedies: readonly Remedy[];
  /** The names of built-in remedies. */
  readonly known: readonly string[];
}

/** The programs that the files of a run bring, a line each with its place. What comes with tablefull is not named. */
export function broughtBy(given: Given): readonly string[] {
  return [...broughtByScenario(given), ...broughtByRemedies(given)];
}

export function broughtByScenario({
  named,
  at,
  protocol,
  environment,
}: Pick<Given, 'named' | 'at' | 'protocol' | 'environment'>): readonly string[] {
  return isPath(named) ? linesOn(named, at, programsOf(protocol, environment)).map(onOneLine) : [];
}

export function broughtByRemedies({
  protocol,
  remedies,
  known,
}: Pick<Given, 'protocol' | 'remedies' | 'known'>): readonly string[] {
  return remedies
    .filter(({ name }) => !known.includes(name) && !(name in protocol.ownRemedies))
    .flatMap(({ name, changes }) =>
      changes(protocol).flatMap((change) => {
        const runs = runsOf(immediateOf(change));
        return runs === undefined ? [] : [onOneLine(`the remedy ${name}: it runs ${runs}`)];
      }),
    );
}

/** @throws Error in one line where files bring programs that `--no-commands` refuses */
export function refuseBrought([first, ...more]: readonly string[]): void {
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` (and ${String(more.length)} more)`;
  throw new Error(`${first}${others}: refused by --no-commands`);
}
