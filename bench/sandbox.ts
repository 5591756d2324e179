/** Works that need namespaces run in a separate process, in the sandbox of runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { messageOf } from '../src/util/error-text.ts';
import { sandboxCommand } from '../src/lab/netns/outside/sandbox.ts';
import { workReportSchema, type WorkReport } from './report.ts';
import { emptyReport } from './rounds.ts';
import type { BenchContext, Work } from './work.ts';

/** Request to the process in the sandbox. */
export const orderSchema = z.strictObject({
  work: z.string(),
  rounds: z.number(),
  quick: z.boolean(),
  against: z.string().optional(),
});

/** Its messages. */
export const saidSchema = z.union([
  z.strictObject({ say: z.string() }),
  z.strictObject({ report: workReportSchema }),
]);

const INSIDE = fileURLToPath(new URL('./inside.ts', import.meta.url));

/** Does a work in a sandbox; everything left in the sandbox ends with it. */
export async function measureInSandbox(
  work: Work,
  rounds: number,
  context: BenchContext,
): Promise<WorkReport> {
  const { quick, against, say, signal } = context;
  await using _ = await work.prepare?.(context);
  const order = JSON.stringify({ work: work.id, rounds, quick, against });
  const privileged = process.geteuid?.() === 0;
  const [command, ...args] = sandboxCommand(privileged, [process.execPath, '--no-warnings', INSIDE, order]);
  let report: WorkReport = { ...emptyReport(work), why: 'its sandbox ended before the work was done' };
  // Standard input is the sandbox's lifeline. A separate process group leaves Ctrl-C to us.
  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'inherit', 'ipc'], detached: true });
  child.stdin?.on('error', () => undefined);
  child.on('message', (message) => {
    const said = saidSchema.parse(message);
    if ('say' in said) say(said.say);
    else report = said.report;
  });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', kill, { once: true });
  try {
    await once(child, 'close');
  } catch (error) {
    throw new Error(`can't start ${command}: ${messageOf(error)}`, { cause: error });
  } finally {
    signal.removeEventListener('abort', kill);
  }
  signal.throwIfAborted();
  return report;
}
