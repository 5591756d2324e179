import { z } from 'zod';
import { boomServer } from './boom-server/index.ts';
import type { LoadContext } from './context.ts';
import type { LoadKind } from './define-load.ts';
import { dnsClient } from './dns-client/index.ts';
import { dnsRace } from './dns-race/index.ts';
import { exchange } from './exchange/index.ts';
import { flood } from './flood/index.ts';
import { k6 } from './k6/index.ts';
import { nodeAgent } from './node-agent/index.ts';
import { own } from './own/index.ts';
import { reconnect } from './reconnect/index.ts';
import { settings } from './settings/index.ts';
import { simpleApp } from './simple-app/index.ts';
import { updates } from './updates/index.ts';

/** Every kind of load for a scenario's demand or background. To add one: its folder, and a line here. */
export const LOADS = [
  simpleApp,
  boomServer,
  dnsClient,
  nodeAgent,
  flood,
  dnsRace,
  exchange,
  reconnect,
  settings,
  updates,
  k6,
  own,
] as const;

type Schemas<L> = { -readonly [I in keyof L]: L[I] extends { readonly schema: infer S } ? S : never };

export const loadSchema = z
  .discriminatedUnion('kind', LOADS.map(({ schema }) => schema) as unknown as Schemas<typeof LOADS>)
  .meta({ id: 'load' });
export type Load = z.infer<typeof loadSchema>;

/** The loads of a phase: the demand, and background loads by name. */
interface Offered {
  readonly demand: Load;
  readonly background: Readonly<Record<string, Load>>;
}

/** The declaration of a load's kind: `kindOf(demand).unit`. */
export function kindOf(load: Load): LoadKind<Load> {
  // Sound, because the declaration found is of the load's own kind.
  const kind = LOADS.find((each) => each.kind === load.kind) as unknown as LoadKind<Load>;
  return load.kind === 'own' ? { ...kind, unit: load.unit } : kind;
}

/** Imports these loads' programs, and starts their threads: both would delay a phase's first requests. */
export async function prepare({ demand, background }: Offered, http: { start: () => void }): Promise<void> {
  const loads = [demand, ...Object.values(background)];
  if (loads.some((load) => kindOf(load).onThreads(load))) http.start();
  await Promise.all(loads.map(async (load) => kindOf(load).runner?.(load)));
}

/** Offers a load once, until its last operation has ended. @throws Error where no agent can offer it */
export async function offer(load: Load, context: LoadContext): Promise<void> {
  const { runner } = kindOf(load);
  if (runner === undefined) throw new Error(`${load.kind} is offered by no agent`);
  const { run } = await runner(load);
  await run(load, context);
}
