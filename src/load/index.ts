import type { Load } from '../schema/load.ts';
import { boomServer } from './boom-server/boom-client.ts';
import type { LoadContext } from './context.ts';
import { dnsClient } from './dns-client/dns-client.ts';
import { nodeAgent } from './node-agent/node-agent.ts';
import { flood } from './flood/flood-load.ts';
import { dnsRace } from './dns-race/dns-race.ts';
import { exchange } from './exchange/exchange.ts';
import { k6 } from './k6/k6.ts';
import { reconnect } from './reconnect/reconnect.ts';
import type { LoadRunner } from './runner.ts';
import { settings } from './settings/settings.ts';
import { simpleApp } from './simple-app/simple-app.ts';

/** Every load that can be a scenario's demand. `keepalive` is held beside one, as canaries. */
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
  k6,
] as const;

/** Offers a demand. @throws Error where its kind is none that can be one */
export async function offer(load: Load, context: LoadContext): Promise<void> {
  const runner = LOADS.find(({ kind }) => kind === load.kind) as LoadRunner | undefined;
  if (runner === undefined)
    throw new Error(`${load.kind} is no demand: use ${LOADS.map(({ kind }) => kind).join(', ')}`);
  await runner.run(load, context);
}
