/**
 * The process that works a node for one run: it is started through the API server, asked by lines on its standard
 * input, and answers by lines on its standard output. The end of its input is the end of the run: it undoes what
 * stands. Where it is killed instead, the guardian does.
 */
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { NetNamespace } from '../../../kernel/netns.ts';
import { readSysctl, writeSysctl } from '../../../kernel/sysctl.ts';
import type { Change } from '../../../scenario/change.ts';
import { EVERY_NODE } from '../../../scenario/change.ts';
import type { Protocol } from '../../../scenario/protocol.ts';
import { Answers } from '../../agent/answer.ts';
import { NotRestored } from '../../agent/not-restored.ts';
import type { Message } from '../../agent/rpc.ts';
import { nodeRequestSchema, type Found, type NodeRequest } from './agent-rpc.ts';
import { deleteEntriesOf } from '../cluster/entries-of.ts';
import { foundGround, type FoundGround } from './found-ground.ts';
import { programmed, synced } from '../kube-proxy/programmed.ts';
import { ProxyMetrics } from '../kube-proxy/proxy-metrics.ts';
import { NodeJournal, restoreNode } from './node-journal.ts';

const journal = new NodeJournal();
let found: Found | undefined;
/** What somebody else sets, as it was before that. */
const lent = new Map<string, string>();
let ground: FoundGround | undefined;

function say(message: Message): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

const answers = new Answers(async (request) => {
  if (found === undefined) throw new Error('up before adopt');
  const link = (name: string): void => {
    journal.noteLink(name);
  };
  ground = await foundGround(found, request.protocol, { sysctl: noteSysctl, link });
  return ground;
}, say);

/** On disk before it is set. */
function noteSysctl(name: string, value: string): void {
  journal.note(name, value, readSysctl);
}

function noteChange(change: Change): void {
  if (change.kind === 'sysctl' && [EVERY_NODE, found?.own].includes(change.node))
    noteSysctl(change.name, String(change.value));
}

/** A demand may be settings of a node, which it puts back by itself unless it is killed. */
function noteDemand({ demand }: Protocol): void {
  if (demand.kind !== 'settings' || demand.node !== found?.own) return;
  for (const [name, value] of Object.entries(demand.sysctls)) noteSysctl(name, String(value));
}

function lend(sysctls: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(sysctls)) {
    if (!existsSync(`/proc/sys/${name.replaceAll('.', '/')}`)) continue;
    lent.set(name, readSysctl(name));
    noteSysctl(name, value);
  }
}

function takeBack(names: readonly string[]): void {
  for (const name of names) {
    const value = lent.get(name);
    lent.delete(name);
    if (value === undefined) continue;
    noteSysctl(name, value);
    if (readSysctl(name) === value) continue;
    const readBack = writeSysctl(name, value);
    if (readBack !== value) throw new NotRestored(`${name}: found ${value}, now ${readBack}`);
  }
}

async function answer(request: NodeRequest): Promise<void> {
  if (request.method === 'adopt') {
    found = request.found;
    journal.begin();
  } else if (request.method === 'renew') journal.renew();
  else if (request.method === 'programmed') await programmed(request.since);
  else if (request.method === 'lend') lend(request.sysctls);
  else if (request.method === 'take-back') takeBack(request.sysctls);
  else if (request.method === 'synced') await synced(request);
  else if (request.method === 'written') ground?.resolver?.takeFrom(request.ip);
  else if (request.method === 'cache-address') await ground?.nodeDns.address(request);
  else if (request.method === 'dns-pods') ground?.corefile?.moved(request.ips);
  else if (request.method === 'forget') await deleteEntriesOf((ip) => request.ips.includes(ip));
  else if (request.method === 'resolved') await ground?.corefile?.resolved(request.name, request.ips);
  else if (request.method === 'down') await end();
  else if (request.method === 'syncs') {
    say({ id: request.id, result: (await ProxyMetrics.read()).syncs });
    return;
  } else {
    if (request.method === 'up') noteDemand(request.protocol);
    if (request.method === 'apply') noteChange(request.change);
    await answers.answer(request);
    return;
  }
  say({ id: request.id });
}

/** Everything that stands is undone by whoever made it; what is then still there, by the journal. */
async function end(): Promise<void> {
  await answers.undoAll().catch(() => undefined);
  using node = NetNamespace.open('/proc/self/ns/net');
  await restoreNode(node);
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const request = nodeRequestSchema.parse(JSON.parse(line));
  answer(request).catch((error: unknown) => {
    say({ id: request.id, error: error instanceof Error ? error.message : String(error) });
  });
});
lines.once('close', () => {
  void end().finally(() => process.exit(0));
});
say({ ready: true });
