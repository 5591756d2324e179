/**
 * The process that loads a scenario's module. Its code may never end: this process can be killed and has
 * nothing to restore. It gets one request and sends one answer (module-answers.ts).
 */
import { setImmediate } from 'node:timers/promises';
import { importScenario, thrownBy } from './loader.ts';
import { NoScenario } from './located.ts';
import { answer, moduleRequestSchema, type ModuleReply } from './module-answers.ts';
import { findK6 } from '../toolchain/k6.ts';

/** Captured before the module can replace them. */
const { env } = process;
const send = process.send?.bind(process);
const exit = process.exit.bind(process);

function say(reply: ModuleReply): Promise<void> {
  return new Promise((done) => {
    if (send === undefined) done();
    else
      send(reply, undefined, undefined, () => {
        done();
      });
  });
}

async function end(reply: ModuleReply): Promise<void> {
  await say(reply);
  exit(0);
}

process.once('message', (message) => {
  void work(moduleRequestSchema.parse(message));
});

async function work(request: ReturnType<typeof moduleRequestSchema.parse>): Promise<void> {
  const { path } = request;
  const refuse = (error: unknown): void => {
    const { lines } = error instanceof NoScenario ? error : thrownBy(path, error);
    void end({ type: 'refused', lines: [...lines] });
  };
  process.on('uncaughtException', refuse);
  process.on('unhandledRejection', refuse);
  try {
    const scenario = await importScenario(path);
    // Lets pending rejections and errors surface first.
    await setImmediate();
    await say({ type: 'loaded', ...(scenario.place !== undefined && { place: scenario.place }) });
    await end(answer(scenario, request, (extensions) => findK6(env, extensions)));
  } catch (error) {
    refuse(error);
  }
}
