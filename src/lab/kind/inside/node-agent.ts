/**
 * The process that works a node for one run: it is started through the API server, asked by lines on its standard
 * input, and answers by lines on its standard output. The end of its input is the end of the run: it undoes what
 * stands. Where it is killed instead, the guardian does.
 */
import { createInterface } from 'node:readline';
import { Answers } from '../../../agent/answer.ts';
import type { Message } from '../../../agent/rpc.ts';
import { nodeRequestSchema } from '../agent-rpc.ts';
import { foundGround } from './found-ground.ts';
import { openNodeHost } from './node-host.ts';
import { NodeJournal } from './node-journal.ts';
import { NodeWork } from './node-work.ts';
import { restoreNode } from './restore-node.ts';

function say(message: Message): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

const host = openNodeHost();
const work = new NodeWork({
  host,
  journal: new NodeJournal(),
  ground: foundGround,
  answers: (ground) => new Answers(ground, say),
  restore: () => restoreNode(host),
  say,
});

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  void work.answer(nodeRequestSchema.parse(JSON.parse(line)));
});
lines.once('close', () => {
  void work
    .down()
    // Nobody is there to be told.
    .catch(() => undefined)
    .finally(() => process.exit(0));
});
say({ ready: true });
