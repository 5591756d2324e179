import type { Words } from '../host/host.ts';

/** A node or a pod of a lab, which a person can enter. */
export interface Place {
  readonly name: string;
  readonly kind: 'node' | 'pod';
  readonly ip: string;
}

/** A service address, as seen from a pod. */
interface ServiceAddress {
  readonly name: string;
  /** `None` for a headless service. */
  readonly ip: string;
  readonly port: number;
}

/** The way into a lab, for labs that a person can enter. */
export interface Hands {
  /** Nodes first. */
  readonly places: readonly Place[];
  readonly services: readonly ServiceAddress[];
  /** The pid of the lab's first process, as this machine sees it: the lab ends with it. */
  readonly pid: number;
  /** Words before a command that run it in the lab's root, outside its nodes. */
  readonly within: Words;
}

/** Words before a command that run it in a node or a pod. */
export function enter({ within }: Pick<Hands, 'within'>, { name }: Pick<Place, 'name'>): Words {
  return [...within, 'nsenter', `--net=/run/netns/${name}`, '--'];
}
