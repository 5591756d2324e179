import type { NetNamespace } from '../../kernel/netns.ts';
import type { LoadContext } from '../context.ts';
import { CONNECT_TIMEOUT, curlOutcome, EMPTY_REPLY, HTTP_ERROR, OPERATION_TIMEOUT } from '../curl.ts';
import { type Afterwards, ANSWERED, EMPTY, NO_ANSWER, NOT_CONNECTED } from '../engine/protocol.ts';
import type { Ended } from '../offer-when-due.ts';
import type { Target } from '../target.ts';
import { OUT_OF_FILES, OUT_OF_PORTS } from '../starved.ts';

/** Timeout of an answer on an established connection, ms: only a vanished server takes so long. */
const ANSWER_WITHIN_MS = 5_000;

/**
 * One GET on a new connection, like `curl --connect-timeout`.
 *
 * @param seconds connect timeout, besides the machine's own latency
 * @param scarce local ports are meant to run out: that fails the request instead of starving the generator
 */
export async function getOnce(
  pod: NetNamespace,
  { ip, port }: Target,
  { seconds, afterwards, scarce }: { seconds: number; afterwards: Afterwards; scarce: boolean },
  { http, outcomes, slack }: Pick<LoadContext, 'http' | 'outcomes' | 'slack'>,
): Promise<Ended> {
  const connectWithin = seconds * 1000 + slack;
  const answerWithin = ANSWER_WITHIN_MS + slack;
  const question = { ip, port, connectWithin, answerWithin, afterwards };
  const { outcome, waited, ...evidence } = await http.get(pod, question);
  if (waited) outcomes.starve(OUT_OF_FILES);
  if (outcome === 'EADDRNOTAVAIL' && !scarce) outcomes.starve(OUT_OF_PORTS);
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
