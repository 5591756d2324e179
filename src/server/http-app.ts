import { Agent, createServer, request } from 'node:http';
import type { NetNamespace } from '../kernel/netns.ts';
import { connectFrom } from '../kernel/connect.ts';
import type { Resolver } from '../kernel/resolver-process.ts';

/**
 * A burst of connections waits here while the event loop is busy; a full queue would drop SYNs and look like
 * conntrack.
 */
const BACKLOG = 4096;
/** Timeout of a call, ms; shorter than TCP's SYN retransmission, so that a lost packet fails the call. */
const PATIENCE_MS = 900;
const OK = 200;
const GATEWAY_TIMEOUT = 504;

/** A service that an app calls before it answers. */
export interface Call {
  readonly ip: string;
  readonly port: number;
  /** The name to look up first; undefined: the address is configured. */
  readonly name: string | undefined;
}

/** How apps make their calls; a remedy changes it while they run. */
export interface CallSettings {
  /** Keep and reuse connections and resolved addresses. */
  readonly reuse: boolean;
  /** Look up `name.`, which skips the search list. */
  readonly trailingDot: boolean;
}

/** A web server in a pod that calls other services in turn before it answers, so one request becomes many. */
export class HttpApp {
  readonly #pod: NetNamespace;
  readonly #calls: readonly Call[];
  readonly #settings: () => CallSettings;
  readonly #resolver: () => Resolver | undefined;
  #asked = 0;
  #kept: Agent | undefined;
  readonly #found = new Set<string>();

  /** @param listener a bound socket, made in the pod's namespace */
  constructor(
    pod: NetNamespace,
    listener: number,
    calls: readonly Call[],
    settings: () => CallSettings,
    resolver: () => Resolver | undefined,
  ) {
    this.#pod = pod;
    this.#calls = calls;
    this.#settings = settings;
    this.#resolver = resolver;
    createServer({ keepAliveTimeout: 0 }, (_, response) => {
      this.#asked++;
      const gone = new AbortController();
      response.once('close', () => {
        this.#asked--;
        gone.abort();
      });
      void this.#callAll(gone.signal).then((answered) => {
        if (!gone.signal.aborted) response.writeHead(answered ? OK : GATEWAY_TIMEOUT).end('simple-app\n');
      });
    }).listen({ fd: listener }, BACKLOG);
  }

  /** Unanswered requests whose clients are waiting. */
  get asked(): number {
    return this.#asked;
  }

  /** @param gone the client has given up; the app then does too */
  async #callAll(gone: AbortSignal): Promise<boolean> {
    for (const call of this.#calls) {
      if (!(await this.#find(call)) || gone.aborted || !(await this.#ask(call, gone))) return false;
    }
    return true;
  }

  /** The address is known already; only the lookup by the pod's C library matters. */
  async #find({ name }: Call): Promise<boolean> {
    if (name === undefined || (this.#settings().reuse && this.#found.has(name))) return true;
    const outcome = await this.#resolver()?.lookup(this.#settings().trailingDot ? `${name}.` : name);
    if (outcome === 'ok') this.#found.add(name);
    return outcome === 'ok';
  }

  #ask({ ip, port }: Call, signal: AbortSignal): Promise<boolean> {
    const agent = this.#agent();
    return new Promise((resolve) => {
      const call = request({ agent, host: ip, port, path: '/', signal }, (response) => {
        response.resume().once('end', () => {
          settle(response.statusCode === OK);
        });
      });
      const settle = (answered: boolean): void => {
        clearTimeout(timer);
        if (!this.#settings().reuse) agent.destroy();
        resolve(answered);
      };
      const timer = setTimeout(() => {
        settle(false);
        call.destroy();
      }, PATIENCE_MS);
      call.once('error', () => {
        settle(false);
      });
      call.end();
    });
  }

  /** Closes kept connections once reuse is off. */
  #agent(): Agent {
    if (!this.#settings().reuse) {
      this.#kept?.destroy();
      this.#kept = undefined;
      return this.#connecting(new Agent({ keepAlive: false }));
    }
    this.#kept ??= this.#connecting(new Agent({ keepAlive: true }));
    return this.#kept;
  }

  #connecting(agent: Agent): Agent {
    agent.createConnection = ({ host, port }) => connectFrom(this.#pod, host ?? '', Number(port));
    return agent;
  }
}
