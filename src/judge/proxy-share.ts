import { ofType, type PhaseEvent } from '../history/select.ts';
import type { Figures } from '../schema/verdict.ts';

/** The part of a phase that kube-proxy spent on a CPU; above 1 where it was on several at once. */
export function proxyShare(events: readonly PhaseEvent[], { 'kubeproxy.cpu': cpu }: Figures): Figures {
  const [start, end] = (['start', 'end'] as const).map(
    (edge) => ofType(events, 'phase').find((event) => event.edge === edge)?.t,
  );
  if (cpu === undefined || start === undefined || end === undefined || end <= start) return {};
  return { 'kubeproxy.cpu.share': (cpu * 1000) / (end - start) };
}
