/**
 * The process that builds and runs a lab inside its sandbox. It has no privileges outside (but see
 * delegated-maximum.ts), holds nothing that needs undoing, and ends with the sandbox.
 */
import { mkdirSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { mount } from '../../../kernel/libc.ts';
import { Answers } from '../../../agent/answer.ts';
import { requestSchema, type Message } from '../../../agent/rpc.ts';
import { failureLine } from '../last-words.ts';
import { buildEnvironment } from './build.ts';

function say(message: Message): void {
  process.send?.(message);
}

/** The harness reads why: the stack of an error that nobody handled has its message first, and much after it. */
function fail(error: unknown): void {
  writeSync(process.stderr.fd, failureLine(error));
  process.exit(1);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

const answers = new Answers(buildEnvironment, say);

process.on('message', (message) => {
  void answers.answer(requestSchema.parse(message));
});

// An own /run lets ip name namespaces without root, and hides name service daemons.
mount('tmpfs', '/run', 'tmpfs', 0);
mkdirSync('/run/netns');
say({ ready: true });
// Agents are killed, so Node would never write its compile cache.
flushCompileCache();
