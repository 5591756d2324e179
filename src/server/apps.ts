/**
 * Apps behind a service. `apiserver`: the cluster's own, or an http app in labs without one. `boom-pod`: a
 * boom-server as the pod's own program, which the first reset ends. `stateless`: none; the load plays the
 * server, packet by packet.
 */
export const APPS = [
  'http',
  'apiserver',
  'echo',
  'udp-echo',
  'boom-server',
  'boom-pod',
  'dns',
  'nginx',
  'stateless',
] as const;
export type App = (typeof APPS)[number];
