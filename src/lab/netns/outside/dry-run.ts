import { LabSettings } from '../../../agent/lab-settings.ts';
import { settingsOf, targetOf } from '../../../agent/target.ts';
import { command, type Trace } from '../../../host/traced.ts';
import { k6Loads } from '../../../schema/protocol.ts';
import { DryLab } from '../../dry/dry-lab.ts';
import { dryLock } from '../../dry/dry-lock.ts';
import { FakeHosts } from '../../dry/fake-hosts.ts';
import { Written, type Write } from '../../dry/written.ts';
import type { LabOptions, OpenLab } from '../../lab.ts';
import { MachineLimit } from '../../machine-limit.ts';
import { address } from '../addresses.ts';
import { build, environmentOn, SANDBOX } from '../inside/build.ts';
import { delegatedMaximum, traceMaximum } from '../delegated-maximum.ts';
import { sandboxCommand } from './sandbox.ts';
import { MACHINE } from '../../../change/places.ts';

const DOWN = 'close the lifeline: the kernel ends every process, link, rule and table of the sandbox';

/**
 * The commands of the embedded lab. `machine` is outside the sandbox, `sandbox` its first namespace; other
 * names are nodes and pods.
 */
export function rehearseNetns(write: Write): OpenLab {
  return async (options) => {
    const { protocol, squeeze, privileged } = options;
    const written = new Written(write);
    const { trace } = written;
    trace(MACHINE, command(sandboxCommand(privileged, ['node', 'agent'])));
    const delegate = delegatedMaximum(protocol, squeeze);
    const lock = dryLock(trace);
    const limit = await MachineLimit.open(options, { delegate, lock });
    const network = address(protocol.topology);
    const table = { limit: lock.read('nf_conntrack_max'), buckets: lock.read('nf_conntrack_buckets') };
    const hosts = new FakeHosts(table, trace);
    await build(network, protocol, hosts.get(SANDBOX), hosts);
    if (delegate !== undefined) traceMaximum(trace, protocol.node);
    const none = { queries: 0, misses: 0, [Symbol.dispose]: () => undefined };
    const environment = environmentOn(
      network,
      protocol,
      {
        hosts,
        writeResolvConf: () => undefined,
        pause: () => Promise.resolve(),
        serveCache: () => none,
      },
      trace,
    );
    const target = targetOf({
      protocol,
      squeeze,
      environment,
      endpoints: environment.endpoints({ serve: () => undefined }),
      settings: new LabSettings(settingsOf(protocol), trace),
      proxies: dryProxies(options, trace),
      fillForReal: hosts.handshakes,
      onSqueeze: () => undefined,
    });
    for (const line of inEveryPhase(options)) written.remark(line);
    const down = (): void => {
      trace(MACHINE, DOWN);
    };
    return new DryLab(options, { written, target, limit, down, limitFirst: false });
  };
}

function dryProxies({ protocol: { topology } }: LabOptions, trace: Trace) {
  const names = Object.entries(topology.services).flatMap(([name, { app }]) =>
    app === 'nginx' ? [name] : [],
  );
  return names.map((name) => {
    let current = 0;
    return {
      name,
      get keepalive() {
        return current;
      },
      start: (keepalive: number) => {
        trace(name, `restart nginx with keepalive ${String(keepalive)} in its upstream`);
        current = keepalive;
        return Promise.resolve();
      },
    };
  });
}

/** Programs that loads run, or settings they write. */
function inEveryPhase({ protocol }: LabOptions): readonly string[] {
  const { demand } = protocol;
  const scripts = k6Loads(protocol).map(
    ([, { pods, program = 'k6', script }]) =>
      `[${pods}] in every phase: ${command([program, 'run', script])}`,
  );
  if (demand.kind !== 'settings') return scripts;
  const values = Object.entries(demand.sysctls).map(([name, value]) => `${name}=${String(value)}`);
  const start = `${demand.program} --init-only`;
  return [
    ...scripts,
    `[${demand.node}] in every phase: sysctl -w ${values.join(' ')}; ${start} before that, or after it; then sysctl -w NAME=BEFORE`,
  ];
}
