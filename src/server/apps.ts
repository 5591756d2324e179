/**
 * Apps behind a service. `apiserver`: the cluster's own, or an http app in labs without one. `boom-pod`: a
 * boom-server as the pod's own program, which the first reset ends. `stateless`: none; the load plays the
 * server, packet by packet. `udp-sink`: takes datagrams, like statsd or syslog.
 * `whoami`: says which pod of which service it is.
 */
export const APPS = [
  'http',
  'apiserver',
  'echo',
  'udp-echo',
  'udp-sink',
  'whoami',
  'boom-server',
  'boom-pod',
  'dns',
  'nginx',
  'stateless',
] as const;
export type App = (typeof APPS)[number];

/** Ports that pods listen on by default, by app. They differ because one pod may serve several services. */
export const TARGET_PORTS = {
  http: 8080,
  apiserver: 6443,
  echo: 7007,
  'udp-echo': 7007,
  'udp-sink': 8125,
  whoami: 7008,
  'boom-server': 9090,
  'boom-pod': 9090,
  dns: 53,
  stateless: 8090,
  nginx: 8088,
} as const satisfies Record<App, number>;

/** The port that a service's pods listen on. */
export function targetPortOf({
  app,
  targetPort,
}: {
  readonly app: App;
  readonly targetPort?: number | undefined;
}): number {
  return targetPort ?? TARGET_PORTS[app];
}

/** The transport protocols of a service. */
export function protocols({ app }: { readonly app: App }): readonly ('tcp' | 'udp')[] {
  if (app === 'dns' || app === 'whoami') return ['udp', 'tcp'];
  return app === 'udp-echo' || app === 'udp-sink' ? ['udp'] : ['tcp'];
}
