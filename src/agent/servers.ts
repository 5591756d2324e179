import { serveDatagrams } from '../server/datagrams.ts';
import { tcpListener, udpSocket, type Fd } from '../kernel/socket.ts';
import { BoomApp } from '../server/boom-server.ts';
import { DnsApp, type Zones } from '../server/dns-server.ts';
import { openEcho } from '../server/echo.ts';
import type { HttpServers } from '../load/engine/http-engine.ts';
import { HttpApp, type Call, type CallSettings } from '../server/http-app.ts';
import { Nginx } from '../server/nginx.ts';
import { openSink } from '../server/udp-sink.ts';
import { openWhoami } from '../server/whoami.ts';
import type { Resolver } from '../kernel/resolver-process.ts';
import type { Pod, Service } from './network.ts';
import type { Namespaces } from './namespaces.ts';
import { waitWhile } from '../util/wait-while.ts';

/** Apps notice within milliseconds that a client is gone. */
const QUIET_WITHIN_MS = 1000;
const QUIET_POLL_MS = 5;

/** What servers need from their lab. */
interface Surroundings {
  readonly namespaces: Namespaces;
  readonly zones: Zones;
  /** Serves apps that call no other service. */
  readonly http: HttpServers;
  /** Resolves the address of a called service. */
  readonly locate: (call: Service['calls'][number]) => Call;
  /** Current settings of the apps' calls. */
  readonly calls: () => CallSettings;
  /** The pod's resolver, where its app looks names up. */
  readonly resolver: (pod: string) => Resolver | undefined;
}

/** Every server behind every service of an agent, all in this process. */
export class Servers {
  readonly #around: Surroundings;
  readonly #dns: DnsApp[] = [];
  readonly #boom: BoomApp[] = [];
  readonly #http: HttpApp[] = [];
  readonly proxies: Nginx[] = [];
  /** Running servers, by service and pod. */
  readonly #serving = new Set<string>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Starts a service's app in those pods where it does not run yet. */
  serve(service: Service, pods: readonly Pod[]): void {
    for (const pod of pods) {
      const id = `${service.name} ${pod.name}`;
      if (!this.#serving.has(id)) this.#start(service, pod);
      this.#serving.add(id);
    }
  }

  /** Starts the servers that are separate programs. */
  async start(): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy.start(0)));
  }

  /** Totals by figure name. */
  totals(): Record<string, number> {
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    return {
      ...(this.#dns.length > 0 ? { queries: sum(this.#dns.map((app) => app.queries)) } : {}),
      ...(this.#boom.length > 0 ? { 'server.resets': sum(this.#boom.map((app) => app.resets)) } : {}),
    };
  }

  /**
   * Waits, at most 1 s, until no app works for a client that has given up; its calls would reach into the
   * next phase.
   */
  async quiet(): Promise<void> {
    const areWorking = (): boolean => this.#http.some(({ asked }) => asked > 0);
    await waitWhile(areWorking, { withinMs: QUIET_WITHIN_MS, everyMs: QUIET_POLL_MS });
  }

  #start(service: Service, pod: Pod): void {
    const { namespaces, zones, http, locate, calls, resolver } = this.#around;
    const space = namespaces.get(pod.name);
    const port = service.targetPort;
    const listener = (): Fd => tcpListener(space, pod.ip, port);
    switch (service.app) {
      case 'http':
      case 'apiserver':
        if (service.calls.length === 0) http.listen(listener());
        else {
          const called = service.calls.map(locate);
          this.#http.push(new HttpApp(space, listener(), called, calls, () => resolver(pod.name)));
        }
        return;
      case 'echo':
        openEcho(listener(), service.delay);
        return;
      case 'udp-echo':
        serveDatagrams(udpSocket(space, pod.ip, port), (message, from, send) => {
          send(message, from.port, from.address);
        });
        return;
      case 'udp-sink':
        openSink(space, pod.ip, port);
        return;
      case 'whoami':
        openWhoami(space, service.name, pod.ip, port);
        return;
      case 'boom-server':
        this.#boom.push(new BoomApp(space, listener(), service.delay));
        return;
      case 'dns':
        this.#dns.push(new DnsApp(zones, udpSocket(space, pod.ip, port), listener()));
        return;
      case 'nginx':
        this.#proxy(service, pod);
        return;
      // The pod's own program serves, or the load does.
      case 'boom-pod':
      case 'stateless':
        return;
    }
  }

  #proxy({ name, proxy, targetPort: port }: Service, { name: pod, ip }: Pod): void {
    if (proxy === undefined)
      throw new Error(
        `topology.services.${name}.proxy: needs nginx’s program, and a service as its upstream`,
      );
    const { namespaces, locate } = this.#around;
    const upstream = locate({ service: proxy.upstream });
    this.proxies.push(
      new Nginx({ name: pod, pod: namespaces.get(pod), program: proxy.program, ip, port, upstream }),
    );
  }
}
