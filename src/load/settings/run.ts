import type { NetNamespace } from '../../kernel/netns.ts';
import { pathOf, readSysctl, writeSysctl } from '../../kernel/sysctl.ts';
import type { Settings } from './schema.ts';
import { conntrackConfig, type ConntrackConfig } from '../../change/kube-proxy-settings.ts';
import type { LoadContext } from '../context.ts';
import { startKubeProxy } from '../../server/kube-api.ts';
import { inFile, standInsOf, type Place } from './stand-in.ts';
import { MAX } from '../../kernel/table-names.ts';

/**
 * Writes settings as at boot, reads them once kube-proxy has started and scheduled changes are made, then
 * restores them.
 */
export async function run(load: Settings, { namespace, outcomes, happened }: LoadContext): Promise<void> {
  const space = namespace(load.node);
  const standIns = standInsOf(load);
  const places = Object.keys(load.sysctls).map((name) => {
    const file = standIns[pathOf(name)];
    return { name, ...(file === undefined ? sysctlOf(space, name) : inFile(file)) };
  });
  const start = async (): Promise<void> => {
    const config = await configOf(load);
    await startKubeProxy(load.program, { name: load.node, namespace: space }, config, standIns);
  };
  using _ = keeping(places);
  if (load.kubeProxy === 'before') await start();
  const due = outcomes.elapsed();
  for (const { name, write } of places) {
    outcomes.started(due);
    write(String(load.sysctls[name]));
  }
  if (load.kubeProxy === 'after') await start();
  await happened();
  for (const { name, read } of places)
    outcomes.ended(due, outcomeOf(name, String(load.sysctls[name]), read()));
}

/** A file says nothing of the maximum, unless a maximum is wished for: a node of a lab can't write its own. */
async function configOf(load: Settings): Promise<ConntrackConfig> {
  if (load.configFile === undefined) return conntrackConfig(load);
  // An agent in a cluster starts no kube-proxy, and has no package that reads YAML.
  const { conntrackIn } = await import('./config-file.ts');
  const written = conntrackIn(load.configFile);
  if (written === undefined) return conntrackConfig(load);
  return MAX in load.sysctls ? written : { ...written, maxPerCore: 0 };
}

/** A sysctl of a namespace as the place of a setting. */
function sysctlOf(space: NetNamespace, name: string): Place {
  return {
    read: () => space.within(() => readSysctl(name)),
    write: (value) => space.within(() => writeSysctl(name, value)),
  };
}

/** Restores the current values on disposal. Disposing throws where one does not come back. */
function keeping(places: readonly (Place & { readonly name: string })[]): Disposable {
  const before = places.map((place) => ({ ...place, value: place.read() }));
  return {
    [Symbol.dispose]() {
      for (const { name, value, write } of before) {
        const after = write(value);
        if (after !== value) throw new Error(`${name} not restored: was ${value}, now ${after}`);
      }
    },
  };
}

function outcomeOf(name: string, wished: string, is: string): string {
  const setting = name.split('.').at(-1) ?? name;
  return is === wished ? 'ok' : `(reverted) ${setting} ${wished} is ${is}`;
}
