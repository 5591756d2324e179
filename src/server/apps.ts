/**
 * What can answer behind a service. `apiserver`: the cluster's own, or an http app where there is none; `boom-pod`: a
 * boom-server that is its pod's own program, and ends with the first reset; `stateless`: nothing does, the load itself
 * plays the server, packet by packet.
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
