import { createSocket } from 'node:dgram';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tcpListener, udpSocket } from '../../kernel/socket.ts';
import { BoomApp, type Segment } from '../../load/boom-server.ts';
import { DnsApp, type Zones } from '../../load/dns-server.ts';
import type { Pod, Service } from './addresses.ts';
import type { Spaces } from './spaces.ts';

/** A burst of connections waits here while the event loop is busy; a full queue would drop SYNs and look like conntrack. */
const BACKLOG = 4096;

/** Every server behind every service of a lab, all in this one process. */
export class Servers {
  readonly #spaces: Spaces;
  readonly #zones: Zones;
  readonly #dns: DnsApp[] = [];
  readonly #boom: BoomApp[] = [];
  /** What serves already, by service and pod. */
  readonly #serving = new Set<string>();

  constructor(spaces: Spaces, zones: Zones) {
    this.#spaces = spaces;
    this.#zones = zones;
  }

  /** Starts a service's app in these pods, where it does not run yet. */
  serve(service: Service, pods: readonly Pod[]): void {
    for (const pod of pods) {
      const id = `${service.name} ${pod.name}`;
      if (!this.#serving.has(id)) this.#start(service, pod);
      this.#serving.add(id);
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

  #start(service: Service, pod: Pod): void {
    const space = this.#spaces.get(pod.name);
    const port = service.targetPort;
    if (service.app === 'stateless') return;
    if (service.app === 'udp-echo') {
      const socket = createSocket('udp4', (message, from) => {
        socket.send(message, from.port, from.address);
      });
      socket.bind({ fd: udpSocket(space, pod.ip, port) });
      return;
    }
    const listener = tcpListener(space, pod.ip, port);
    switch (service.app) {
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
        this.#dns.push(new DnsApp(this.#zones, udpSocket(space, pod.ip, port), listener));
        return;
    }
  }
}
