import type { NetNamespace } from '../../kernel/netns.ts';
import { readSysctl, writeSysctl } from '../../kernel/sysctl.ts';
import type { Settings } from './schema.ts';
import { conntrackConfig } from '../../change/kube-proxy-settings.ts';
import type { LoadContext } from '../context.ts';
import { startKubeProxy } from '../../server/kube-api.ts';

/**
 * Writes settings as at boot, reads them once kube-proxy has started and scheduled changes are made, then
 * restores them.
 */
export async function run(load: Settings, { namespace, outcomes, happened }: LoadContext): Promise<void> {
  const space = namespace(load.node);
  const names = Object.keys(load.sysctls);
  const start = (): Promise<void> =>
    startKubeProxy(load.program, { name: load.node, namespace: space }, conntrackConfig(load));
  using _ = keeping(space, names);
  if (load.kubeProxy === 'before') await start();
  const due = outcomes.elapsed();
  for (const [name, wished] of Object.entries(load.sysctls)) {
    outcomes.started(due);
    space.within(() => writeSysctl(name, String(wished)));
  }
  if (load.kubeProxy === 'after') await start();
  await happened();
  for (const [name, wished] of Object.entries(load.sysctls)) {
    const is = space.within(() => readSysctl(name));
    outcomes.ended(due, outcomeOf(name, String(wished), is));
  }
}

/** Restores the sysctls' current values on disposal. Disposing throws where one does not come back. */
function keeping(space: NetNamespace, names: readonly string[]): Disposable {
  const found = names.map((name) => ({ name, value: space.within(() => readSysctl(name)) }));
  return {
    [Symbol.dispose]() {
      for (const { name, value } of found) {
        const readBack = space.within(() => writeSysctl(name, value));
        if (readBack !== value) throw new Error(`${name} not restored: was ${value}, now ${readBack}`);
      }
    },
  };
}

function outcomeOf(name: string, wished: string, is: string): string {
  const setting = name.split('.').at(-1) ?? name;
  return is === wished ? 'ok' : `(reverted) ${setting} ${wished} is ${is}`;
}
