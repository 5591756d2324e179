import { STATUS_CODES } from 'node:http';
import type { V1Node, V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';
import { oneLine } from '../../../../util/error-text.ts';
import { SET_LABEL } from '../workloads/manifests.ts';
import type { BareNode } from '../cluster/pod-network.ts';

export function bareNode({ metadata, spec, status }: V1Node): BareNode | undefined {
  const ip = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  if (metadata?.name === undefined || ip === undefined || spec?.podCIDR === undefined) return undefined;
  return { name: metadata.name, ip, podCidr: spec.podCIDR };
}

export function isNodeReady({ status }: V1Node): boolean {
  return isReady(status?.conditions);
}

function isReady(conditions: readonly { type: string; status: string }[] = []): boolean {
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** An answer that is no success, as the client throws it. */
const refusalSchema = z.object({ code: z.number(), body: z.unknown() });
/** What the client throws where it gets no answer: an error, or the event of a stream. */
const failureSchema = z.object({ message: z.string() });

/** Whether there is no such object, from an error of the client or of `answered`. */
export function isNotFound(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return refusalSchema.safeParse(error).data?.code === 404 || isNotFound(error.cause);
}

/**
 * Awaits the answer to a request.
 *
 * @param what is asked: `list the nodes`
 * @throws Error in one line, with the API server's message
 */
export async function answered<T>(what: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw new Error(`can't ${what}: ${apiWords(error)}`, { cause: error });
  }
}

/** The API server's message; its status where it has none, or why it does not answer. */
function apiWords(error: unknown): string {
  const refusal = refusalSchema.safeParse(error).data;
  if (refusal === undefined) return oneLine(failureSchema.safeParse(error).data?.message ?? error);
  const said = /"message":"((?:[^"\\]|\\.)*)"/.exec(String(refusal.body))?.[1];
  return said === undefined
    ? `HTTP ${String(refusal.code)} ${STATUS_CODES[refusal.code] ?? ''}`.trim()
    : said.replaceAll(/(?:\\[nrt])+/g, ' ').replaceAll(/\\(.)/g, '$1');
}

/** The label selector of these sets. */
export function ofSets(sets: readonly string[]): string {
  return `${SET_LABEL} in (${sets.join(', ')})`;
}

export function isPodReady({ status }: V1Pod): boolean {
  return isReady(status?.conditions);
}
