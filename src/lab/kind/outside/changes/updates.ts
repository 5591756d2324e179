import { numberOf } from '../../../../agent/asked.ts';
import type { ManifestObject } from '../../../../change/kubernetes-object.ts';
import { Outcomes } from '../../../../load/outcomes.ts';
import { openLoop } from '../../../../load/schedule.ts';
import { millisecondsSince } from '../../../../util/clock.ts';
import type { Phase } from '../../../../schema/history.ts';
import { updates } from '../../../../load/updates/index.ts';
import type { Updates as Load } from '../../../../load/updates/schema.ts';
import { protocols, targetPortOf } from '../../../../server/apps.ts';
import { settled } from '../../../../util/settled.ts';
import type { LabOptions } from '../../../lab.ts';
import type { Found, NodeAsk } from '../../agent-rpc.ts';
import type { Objects } from '../api/objects.ts';

/** The slice's name; the controller's own have random suffixes. */
const SLICE = 'tablefull-updates';
const READY_MS = 30_000;

interface Around extends Pick<LabOptions, 'epoch' | 'sink' | 'protocol'> {
  readonly load: Load;
  readonly objects: Pick<Objects, 'apply'>;
  readonly namespace: string;
  readonly pods: Found['pods'];
  /** Sends a request to the agent of the node under test. */
  readonly ask: (request: NodeAsk, signal: AbortSignal) => Promise<number | undefined>;
}

/**
 * A demand of updates: the run's own EndpointSlice, beside the controller's, alternates between two pods. The
 * harness writes it itself, so each update is one event for kube-proxy at a known time.
 */
export class Updates {
  readonly #around: Around;
  /** The endpoint at its two alternating places. */
  readonly #slices: readonly [ManifestObject, ManifestObject];
  #made = 0;

  constructor(around: Around) {
    const { load } = around;
    this.#around = around;
    this.#slices = [sliceOf(load.pods, around), sliceOf(load.to, around)];
  }

  /** Before a phase: creates the slice and waits until kube-proxy knows it. */
  async ready(signal: AbortSignal): Promise<void> {
    if (this.#made === 0) await this.#update(AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]));
  }

  /** Offers the updates, open loop. @returns once the last has ended */
  async offer(phase: Phase, signal: AbortSignal): Promise<void> {
    const { load, epoch, sink } = this.#around;
    const outcomes = new Outcomes(
      updates.unit,
      () => millisecondsSince(epoch),
      (event) => {
        sink({ ...event, phase });
      },
    );
    const slot = (load.seconds * 1000) / load.updates;
    const pending: Promise<void>[] = [];
    try {
      await openLoop(
        Array.from({ length: load.updates }, (_, i) => i * slot),
        () => outcomes.elapsed(),
        (_, due) => {
          outcomes.started(due);
          const update = this.#outcome(signal).then((outcome) => {
            const late = outcome === 'ok' && outcomes.elapsed() - due > load.patience * 1000;
            outcomes.ended(due, late ? `(late) over after more than ${String(load.patience)} s` : outcome);
          });
          // Its failure is thrown once all have ended.
          update.catch(() => undefined);
          pending.push(update);
        },
        signal,
      );
    } finally {
      await settled(pending);
    }
    outcomes.finish();
  }

  async #outcome(signal: AbortSignal): Promise<string> {
    const within = AbortSignal.timeout(this.#around.load.giveUp * 1000);
    try {
      await this.#update(AbortSignal.any([signal, within]));
      return 'ok';
    } catch (error) {
      signal.throwIfAborted();
      if (!within.aborted) throw error;
      return '(28) kube-proxy never came to it';
    }
  }

  /** Ends once kube-proxy has programmed the update and cleaned up. */
  async #update(signal: AbortSignal): Promise<void> {
    const { objects, ask } = this.#around;
    const [one, other] = this.#slices;
    const slice = this.#made++ % 2 === 0 ? one : other;
    const before = await numberOf(ask({ method: 'syncs' }, signal));
    const since = Date.now() / 1000;
    await objects.apply(slice);
    await ask({ method: 'synced', since, before }, signal);
  }
}

function sliceOf(set: string, { load, namespace, pods, protocol }: Around): ManifestObject {
  const service = protocol.topology.services[load.service];
  if (service === undefined)
    throw new Error(`there is no service ${load.service}; add it to topology.services`);
  const [name = 'tcp'] = protocols(service);
  const addresses = pods.filter((pod) => pod.set === set).map(({ ip }) => ip);
  const object = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: SLICE,
      namespace,
      labels: {
        'kubernetes.io/service-name': load.service,
        'endpointslice.kubernetes.io/managed-by': 'tablefull',
      },
    },
    addressType: 'IPv4',
    endpoints: addresses.map((ip) => ({ addresses: [ip], conditions: { ready: true } })),
    ports: [{ name, protocol: name.toUpperCase(), port: targetPortOf(service) }],
  };
  return object;
}
