import { z } from 'zod';
import type { Words } from '../host/host.ts';

/** A node or a pod of a lab, which a person can enter. */
export const placeSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(['node', 'pod']),
  ip: z.string(),
});
export type Place = z.infer<typeof placeSchema>;

/** A service address, as seen from a pod; `None` for a headless service. */
export const serviceSchema = z.strictObject({ name: z.string(), ip: z.string(), port: z.number().int() });

/** The way into a lab, for labs that a person can enter. */
export interface Hands {
  /** Nodes first. */
  readonly places: readonly Place[];
  readonly services: readonly z.infer<typeof serviceSchema>[];
  /** The pid of the lab's first process, as this machine sees it: the lab ends with it. */
  readonly pid: number;
  /** Words before a command that run it in the lab's root, outside its nodes. */
  readonly within: Words;
}

/** Words before a command that run it in a node or a pod. */
export function enter({ within }: Pick<Hands, 'within'>, { name }: Pick<Place, 'name'>): Words {
  return [...within, 'nsenter', `--net=/run/netns/${name}`, '--'];
}
