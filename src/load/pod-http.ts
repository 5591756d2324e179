import { Agent, request as httpRequest } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';
import { connect as connectTls } from 'node:tls';
import type { LoadContext } from './context.ts';
import { connectFrom } from '../kernel/connect.ts';
import { timeLimit } from './time-limit.ts';
import { CONNECT_TIMEOUT, curlOutcome, HTTP_ERROR, OPERATION_TIMEOUT } from './curl.ts';
import { OUT_OF_FILES, OUT_OF_PORTS } from './starved.ts';

/**
 * A pod's HTTP agent for one phase: one reused connection, or a new one per request. Connections still open
 * at the end are reset: a FIN without an entry would be retransmitted into the next phase. Where local ports
 * are `scarce`, all are reset, so that the ports are free again.
 */
export function podAgent(
  context: LoadContext,
  pod: string,
  {
    keepAlive,
    scarce = false,
    tls = false,
  }: { keepAlive: boolean; scarce?: boolean; tls?: boolean | undefined },
): Agent {
  const options = { keepAlive, ...(keepAlive ? { maxSockets: 1 } : {}) };
  const agent = tls ? new TlsAgent(options) : new Agent(options);
  const namespace = context.namespace(pod);
  agent.createConnection = ({ host, port }) => {
    const socket = connectFrom(namespace, host ?? '', Number(port));
    if (keepAlive || scarce) context.held.defer(() => socket.destroyed || socket.resetAndDestroy());
    // The server is the lab's own and known by address, so its certificate does not matter.
    return tls ? connectTls({ socket, rejectUnauthorized: false }) : socket;
  };
  context.held.defer(() => {
    agent.destroy();
  });
  return agent;
}

/** One request, like `curl --max-time`. */
export function get(
  agent: Agent,
  { ip, port, path = '/' }: { ip: string; port: number; path?: string },
  { seconds, scarce = false }: { seconds: number; scarce?: boolean },
  { outcomes, signal, slack }: LoadContext,
): Promise<string> {
  return new Promise((resolve) => {
    const ask = agent instanceof TlsAgent ? httpsRequest : httpRequest;
    const call = ask({ agent, host: ip, port, path, signal }, (response) => {
      response.resume().once('end', () => {
        const { statusCode = 0 } = response;
        settle(statusCode < 400 ? 'ok' : `${HTTP_ERROR}: ${String(statusCode)}`);
      });
    });
    const clear = timeLimit(seconds * 1000 + slack, () => {
      settle(call.socket?.connecting === false ? OPERATION_TIMEOUT : CONNECT_TIMEOUT);
      call.destroy();
    });
    const settle = (outcome: string): void => {
      clear();
      resolve(outcome);
    };
    call.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' && !scarce) outcomes.starve(OUT_OF_PORTS);
      if (error.code === 'EMFILE') outcomes.starve(OUT_OF_FILES);
      settle(curlOutcome(error));
    });
    call.end();
  });
}
