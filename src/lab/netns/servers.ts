import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tcpListener, udpSocket } from '../../kernel/socket.ts';
import { BoomApp, type Segment } from '../../load/boom-server.ts';
import { DnsApp, type Zones } from '../../load/dns-server.ts';
import { Nginx } from '../../load/nginx.ts';
import type { App } from '../../scenario/topology.ts';
import type { Network, Pod, Service } from './addresses.ts';
import type { Spaces } from './spaces.ts';

/** A burst of connections waits here while the event loop is busy; a full queue would drop SYNs and look like conntrack. */
const BACKLOG = 4096;

/** Every server behind every service of a lab, all in this one process. */
export class Servers {
  readonly #dns: DnsApp[] = [];
  readonly #boom: BoomApp[] = [];
  readonly proxies: Nginx[] = [];

  constructor(network: Network, spaces: Spaces) {
    const zones: Zones = {
      cluster: new Map(network.services.map(({ name, ip }) => [`${name}.default.svc.cluster.local`, ip])),
    };
    for (const service of network.services) {
      for (const pod of service.endpoints) {
        if (service.app === 'nginx') this.#proxy(service, pod, spaces, network);
        else this.#serve(service, service.app, pod, spaces, zones);
      }
    }
  }

  /** Totals by figure name. */
  totals(): Record<string, number> {
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    return {
      ...(this.#dns.length > 0 ? { queries: sum(this.#dns.map((app) => app.queries)) } : {}),
      ...(this.#boom.length > 0 ? { 'server.resets': sum(this.#boom.map((app) => app.resets)) } : {}),
    };
  }

  set segment(segment: Segment) {
    for (const app of this.#boom) app.segment = segment;
  }

  /** Starts what is no part of this process. */
  async start(): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy.start(0)));
  }

  #proxy({ name, proxy, targetPort: port }: Service, pod: Pod, spaces: Spaces, { services }: Network): void {
    const upstream = services.find((other) => other.name === proxy?.upstream);
    if (proxy === undefined || upstream === undefined)
      throw new Error(`topology.services.${name}.proxy: name nginx’s program and a service as its upstream`);
    const { program } = proxy;
    this.proxies.push(
      new Nginx({ name: pod.name, pod: spaces.get(pod.name), program, ip: pod.ip, port, upstream }),
    );
  }

  #serve(service: Service, app: Exclude<App, 'nginx'>, pod: Pod, spaces: Spaces, zones: Zones): void {
    const space = spaces.get(pod.name);
    const port = service.targetPort;
    const listener = tcpListener(space, pod.ip, port);
    switch (app) {
      case 'http':
        createHttpServer({ keepAliveTimeout: 0 }, (_, response) => response.end('simple-app\n')).listen(
          { fd: listener },
          BACKLOG,
        );
        return;
      case 'echo':
        createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen({ fd: listener });
        return;
      case 'boom-server':
        this.#boom.push(new BoomApp(space, pod.ip, port, listener));
        return;
      case 'dns':
        this.#dns.push(new DnsApp(zones, udpSocket(space, pod.ip, port), listener));
        return;
    }
  }
}
