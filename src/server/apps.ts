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
