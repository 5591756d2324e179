/**
 * The boom-server of issue 74839 as a container's own program. A reset ends it; the kubelet restarts it, soon
 * with growing delays (CrashLoopBackOff). It listens on PORT; POD_IP is the pod's address.
 */
import { z } from 'zod';
import { NetNamespace } from '../kernel/netns.ts';
import { tcpListener } from '../kernel/socket.ts';
import { BoomApp } from './boom-server.ts';

const { PORT: port, POD_IP: ip } = z
  .object({ PORT: z.coerce.number().int(), POD_IP: z.ipv4() })
  .parse(process.env);
const pod = NetNamespace.open('/proc/self/ns/net');

new BoomApp(pod, tcpListener(pod, ip, port), undefined, () => {
  process.stdout.write('boom: the connection was reset by its client\n');
  process.exit(1);
});
