import type { NodeAgent } from './schema.ts';
import type { LoadContext } from '../context.ts';
import { get, podAgent } from '../pod-http.ts';
import { offerWhenDue } from '../offer-when-due.ts';

/** An endpoint that an API server answers without authentication. */
const HEALTH = '/livez';

/** Evenly spaced heartbeats like a kubelet's: to the API server's own address, past the service. */
export async function run(load: NodeAgent, context: LoadContext): Promise<void> {
  const { endpoints, targetPort, tls } = context.service(load.service);
  const ip = endpoints[0]?.ip ?? '';
  const pods = context.pods(load.pods);
  const agents = pods.map(({ name, own }) =>
    own ? podAgent(context, name, { keepAlive: load.reuse, tls }) : undefined,
  );
  const due = Array.from({ length: load.heartbeats }, (_, i) => (i * load.seconds * 1000) / load.heartbeats);
  await offerWhenDue(due, context, (i) => {
    const agent = agents[i % agents.length];
    const to = { ip, port: targetPort, path: HEALTH };
    return agent && (() => get(agent, to, { seconds: load.timeout }, context));
  });
}
