/** Every pod of a lab: kind's default range, and the embedded lab's too. */
export const POD_NETWORK = '10.244.0.0/16';

/**
 * Sources and destinations of ballast entries, and of the packets that fill a table for real (RFC 2544's
 * benchmarking network). Nothing else uses it.
 */
export const BALLAST = {
  network: '198.18.0.0/15',
  clients: { network: '198.18.0.0/16', first: '198.18.0.0' },
  server: { network: '198.19.0.0/16', ip: '198.19.0.1', port: 80 },
} as const;

/**
 * Networks of traffic that loads and fills send without sockets. Their addresses are routed to a pod and assigned
 * to none, so no kernel answers packets to them. Those of demand are in the pod network, so that no service
 * masquerades them, and beyond the nodes' pod ranges.
 */
export const TRAFFIC = {
  crowd: { network: '10.244.192.0/23', first: '10.244.192.1', count: 256 },
  floodClients: { network: '10.244.240.0/22', first: '10.244.240.1', count: 1000 },
  floodServer: { network: '10.244.244.0/24', ip: '10.244.244.1', port: 80 },
  fillClients: { network: BALLAST.clients.network, first: '198.18.0.1', count: 64 },
  fillServer: BALLAST.server,
} as const;
