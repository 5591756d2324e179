/**
 * The process that works a node for one run: it is started through the API server, asked by lines on its standard
 * input, and answers by lines on its standard output. The end of its input is the end of the run: it undoes what
 * stands. Where it is killed instead, the guardian does.
 */
import { createInterface } from 'node:readline';
import { NetNamespace } from '../../kernel/netns.ts';
import { readSysctl } from '../../kernel/sysctl.ts';
import type { Change } from '../../scenario/change.ts';
import { EVERY_NODE } from '../../scenario/change.ts';
import { Answers } from '../agent/answer.ts';
import type { Message } from '../agent/rpc.ts';
import { nodeRequestSchema, type Found, type NodeRequest } from './agent-rpc.ts';
import { foundGround, type FoundGround } from './found-ground.ts';
import { programmed } from './programmed.ts';
import { NodeJournal, restoreNode } from './node-journal.ts';

const journal = new NodeJournal();
let found: Found | undefined;
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

async function answer(request: NodeRequest): Promise<void> {
  if (request.method === 'adopt') {
    found = request.found;
    journal.begin();
  } else if (request.method === 'renew') journal.renew();
  else if (request.method === 'programmed') await programmed(request.since);
  else if (request.method === 'written') ground?.resolver?.takeFrom(request.ip);
  else if (request.method === 'cache-address') await ground?.nodeDns.address(request.there);
  else if (request.method === 'dns-pods') ground?.corefile?.moved(request.ips);
  else if (request.method === 'resolved') await ground?.corefile?.resolved(request.name, request.ips);
  else if (request.method === 'down') await end();
  else {
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
