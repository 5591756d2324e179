/**
 * The process that works a node for one run. The API server starts it; requests are lines on its standard
 * input, responses lines on its standard output. End of input ends the run and undoes its changes. If it is
 * killed, the guardian undoes them.
 */
import { createInterface } from 'node:readline';
import { Answers } from '../../../agent/answer.ts';
import type { Message } from '../../../agent/rpc.ts';
import { nodeRequestSchema } from '../agent-rpc.ts';
import { foundEnvironment } from './found-environment.ts';
import { openNodeHost } from './node-host.ts';
import { NodeJournal } from './node-journal.ts';
import { NodeWork } from './node-work.ts';
import { restoreNode } from './restore-node.ts';
import { SysctlWatch } from './sysctl-watch.ts';

function say(message: Message): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

const host = openNodeHost();
const journal = new NodeJournal();
const work = new NodeWork({
  host,
  journal,
  watch: new SysctlWatch(host, journal),
  environment: foundEnvironment,
  answers: (environment) => new Answers(environment, say),
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
    // Nobody is left to be told.
    .catch(() => undefined)
    .finally(() => process.exit(0));
});
say({ ready: true });
