interface AppFacts {
  /** What it is to a client, as `topology.services.NAME.app` describes it. */
  readonly summary: string;
  /** The port that its pods listen on by default. They differ because one pod may serve several services. */
  readonly port: number;
  /** Whether no other port will do. */
  readonly portIsFixed?: true;
  readonly protocols: readonly ('tcp' | 'udp')[];
}

/** Apps behind a service. `agent/servers.ts` starts those that are servers of the lab's own. */
const FACTS = {
  http: { summary: 'answers GET requests, after its `calls`', port: 8080, protocols: ['tcp'] },
  apiserver: {
    summary: 'the cluster’s API server, or an http app in the embedded lab',
    ...{ port: 6443, portIsFixed: true, protocols: ['tcp'] },
  },
  echo: { summary: 'sends back what it receives', port: 7007, protocols: ['tcp'] },
  'udp-echo': { summary: 'the same with datagrams', port: 7007, protocols: ['udp'] },
  'udp-sink': {
    summary: 'takes datagrams and never answers in their flow, like statsd or syslog',
    ...{ port: 8125, protocols: ['udp'] },
  },
  whoami: {
    summary: 'answers a load `exchange` with the names of its pod and service',
    ...{ port: 7008, protocols: ['udp', 'tcp'] },
  },
  'boom-server': {
    summary: 'sends each client a packet that is out of its window',
    port: 9090,
    protocols: ['tcp'],
  },
  'boom-pod': {
    summary: 'a boom-server as its pod’s own program, which the first reset ends',
    ...{ port: 9090, portIsFixed: true, protocols: ['tcp'] },
  },
  dns: { summary: 'the cluster’s DNS server', port: 53, portIsFixed: true, protocols: ['udp', 'tcp'] },
  nginx: { summary: 'a reverse proxy to another service: see `proxy`', port: 8088, protocols: ['tcp'] },
  stateless: {
    summary: 'none: the load itself plays the server, packet by packet',
    port: 8090,
    protocols: ['tcp'],
  },
} as const satisfies Readonly<Record<string, AppFacts>>;

export type App = keyof typeof FACTS;

const all: Readonly<Record<App, AppFacts>> = FACTS;

export const APPS = Object.keys(FACTS) as readonly App[];

/** Apps whose port is fixed. */
export const FIXED_PORTS: readonly App[] = APPS.filter((app) => all[app].portIsFixed);

/** A line for each app, for docs and schemas. */
export const APP_SUMMARIES: readonly string[] = APPS.map((app) => `\`${app}\`: ${all[app].summary}.`);

/** The port that a service's pods listen on. */
export function targetPortOf({
  app,
  targetPort,
}: {
  readonly app: App;
  readonly targetPort?: number | undefined;
}): number {
  return targetPort ?? all[app].port;
}

/** The transport protocols of a service. */
export function protocols({ app }: { readonly app: App }): readonly ('tcp' | 'udp')[] {
  return all[app].protocols;
}
