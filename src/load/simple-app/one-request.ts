import type { NetNamespace } from '../../kernel/netns.ts';
import type { LoadContext } from '../context.ts';
import { CONNECT_TIMEOUT, curlOutcome, EMPTY_REPLY, HTTP_ERROR, OPERATION_TIMEOUT } from '../curl.ts';
import { type Afterwards, ANSWERED, EMPTY, NO_ANSWER, NOT_CONNECTED } from '../engine/protocol.ts';
import type { Evidence } from '../outcomes.ts';
import type { Target } from '../target.ts';

/** A connection that stands is answered, however slow the machine: only a server that is gone never does. */
const ANSWER_WITHIN_MS = 5_000;

/** What became of a request: an outcome in curl's words, and what the kernel says of it. */
export interface Answered {
  readonly outcome: string;
  readonly evidence?: Evidence;
}

/**
 * One GET on a connection of its own, as `curl --connect-timeout`.
 *
 * @param seconds for so long the connection may take, besides what the machine takes by itself
 * @param scarce local ports are meant to run out: that is a failed request, and no starved generator
 */
export async function getOnce(
  pod: NetNamespace,
  { ip, port }: Target,
  { seconds, afterwards, scarce }: { seconds: number; afterwards: Afterwards; scarce: boolean },
  { http, outcomes, slack }: Pick<LoadContext, 'http' | 'outcomes' | 'slack'>,
): Promise<Answered> {
  const connectWithin = seconds * 1000 + slack;
  const answerWithin = ANSWER_WITHIN_MS + slack;
  const question = { ip, port, connectWithin, answerWithin, afterwards };
  const { outcome, waited, ...evidence } = await http.get(pod, question);
  if (waited) outcomes.starve('out of file descriptors: raise the limit of open files');
  if (outcome === 'EADDRNOTAVAIL' && !scarce) outcomes.starve('the pods are out of local ports');
  return { outcome: inCurlsWords(outcome), evidence };
}

function inCurlsWords(outcome: string): string {
  switch (outcome) {
    case ANSWERED:
      return outcome;
    case NOT_CONNECTED:
      return CONNECT_TIMEOUT;
    case NO_ANSWER:
      return OPERATION_TIMEOUT;
    case EMPTY:
      return EMPTY_REPLY;
    default:
      return /^\d+$/.test(outcome) ? `${HTTP_ERROR}: ${outcome}` : curlOutcome({ code: outcome });
  }
}
