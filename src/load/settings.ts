import type { NetNamespace } from '../kernel/netns.ts';
import { readSysctl, writeSysctl } from '../kernel/sysctl.ts';
import type { Settings } from '../scenario/load.ts';
import type { LoadContext } from './context.ts';
import { startKubeProxy, type ConntrackConfig } from './kube-proxy.ts';
import type { LoadRunner } from './runner.ts';

/** Settings written as at boot, and what they are once kube-proxy has started; put back when they have been read. */
export const settings: LoadRunner<'settings'> = {
  kind: 'settings',
  summary: 'sysctls of a node, written as at boot and read back when all is up',
  run,
};

async function run(load: Settings, { namespace, outcomes }: LoadContext): Promise<void> {
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
  for (const [name, wished] of Object.entries(load.sysctls)) {
    const is = space.within(() => readSysctl(name));
    outcomes.ended(due, outcomeOf(name, String(wished), is));
  }
}

/** Puts sysctls back to what they are now. Disposing throws where one did not go back. */
function keeping(space: NetNamespace, names: readonly string[]): Disposable {
  const found = names.map((name) => ({ name, value: space.within(() => readSysctl(name)) }));
  return {
    [Symbol.dispose]() {
      for (const { name, value } of found) {
        const readBack = space.within(() => writeSysctl(name, value));
        if (readBack !== value) throw new Error(`${name} not restored: found ${value}, now ${readBack}`);
      }
    },
  };
}

function outcomeOf(name: string, wished: string, is: string): string {
  const setting = name.split('.').at(-1) ?? name;
  return is === wished ? 'ok' : `(reverted) ${setting} ${wished} is ${is}`;
}

/** kube-proxy's fields, and the sysctls that each of them sets when it starts (cmd/kube-proxy/app/server_linux.go). */
const TIMEOUT_FIELDS = {
  tcpEstablishedTimeout: 'net.netfilter.nf_conntrack_tcp_timeout_established',
  tcpCloseWaitTimeout: 'net.netfilter.nf_conntrack_tcp_timeout_close_wait',
  udpTimeout: 'net.netfilter.nf_conntrack_udp_timeout',
  udpStreamTimeout: 'net.netfilter.nf_conntrack_udp_timeout_stream',
} as const;
const MAX = 'net.netfilter.nf_conntrack_max';

/** The configuration that the demand asks for. A maximum that is none of the demand's is left alone, as kind does it. */
export function conntrackConfig({ config, sysctls }: Pick<Settings, 'config' | 'sysctls'>): ConntrackConfig {
  const max = sysctls[MAX];
  const alone = { maxPerCore: 0 };
  switch (config) {
    case 'defaults':
      return max === undefined ? alone : {};
    case 'untouched':
      return { ...alone, ...timeouts(() => 0) };
    case 'wished':
      // `min` is a floor for cores × maxPerCore, which must not be 0.
      return {
        ...(max === undefined ? alone : { maxPerCore: 1, min: max }),
        ...timeouts((sysctl) => sysctls[sysctl]),
      };
  }
}

function timeouts(secondsOf: (sysctl: string) => number | undefined): ConntrackConfig {
  return Object.fromEntries(
    Object.entries(TIMEOUT_FIELDS).flatMap(([field, sysctl]) => {
      const seconds = secondsOf(sysctl);
      return seconds === undefined ? [] : [[field, `${String(seconds)}s`]];
    }),
  );
}
