import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { readText, YAML_ENDINGS } from './loader.ts';
import type { Scenario } from './define.ts';
import { NoScenario, type Located } from './located.ts';
import {
  answeredScenario,
  moduleReplySchema,
  requestOf,
  type Ask,
  type ModuleReply,
} from './module-answers.ts';
import { scenarioFromYaml } from './yaml-scenario.ts';
import { siblingModule } from '../util/sibling-module.ts';

/** Time limits of a module's process: a slower module counts as endless. */
const WITHIN_MS = { load: 15_000, make: 15_000 } as const;
/** Memory limit of a module's process, MiB. */
const MEMORY = 512;
/** CPU limit in seconds: ends an endless loop even if this process is killed. */
const MOST_CPU = 60;
/** Output limit of a module, characters. */
const MOST_OUTPUT = 64 * 1024;

const ENTRY = fileURLToPath(siblingModule(import.meta.url, './module-process'));

interface Loading {
  readonly within?: { readonly load: number; readonly make: number };
  /** The scenarios that a file may extend. */
  readonly scenarios?: readonly Scenario[];
  /** Receives what the module prints. */
  readonly say?: (line: string) => void;
}

/**
 * Reads a scenario file: parses YAML, or runs a module in its own process.
 *
 * @param ask what to ask the module's scenario
 * @throws NoScenario: one line per problem, with file, place if known, and fix
 */
export async function loadLocated(path: string, ask: Ask, loading: Loading = {}): Promise<Located> {
  const text = await readText(path);
  if (YAML_ENDINGS.includes(extname(path))) return scenarioFromYaml(text, path, loading.scenarios);
  const reply = await asked(path, ask, loading);
  if (reply.type !== 'answered') throw new NoScenario(reply.lines);
  const scenario = answeredScenario(reply);
  return { scenario, at: () => scenario.place ?? '' };
}

type LastReply = Exclude<ModuleReply, { type: 'loaded' }>;

/** Asks the module's process, and kills it when it is late. */
async function asked(path: string, ask: Ask, { within = WITHIN_MS, say }: Loading): Promise<LastReply> {
  const limited = ['-c', `ulimit -t ${String(MOST_CPU)} && exec "$0" "$@"`];
  const node = [process.execPath, '--no-warnings', `--max-old-space-size=${String(MEMORY)}`, ENTRY];
  const child = execa('sh', [...limited, ...node], {
    ipcInput: requestOf(path, ask) as object as Record<string, never>,
    ipc: true,
    reject: false,
    stdin: 'ignore',
    maxBuffer: MOST_OUTPUT,
  });
  const late = new AbortController();
  late.signal.addEventListener('abort', () => {
    child.kill('SIGKILL');
    // Its children may keep these streams open.
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
  });
  let step = { what: 'it did not load', place: ':1:1', ms: within.load };
  const overdue = (): void => {
    late.abort();
  };
  let deadline = setTimeout(overdue, step.ms);
  child.on('message', (message) => {
    const reply = moduleReplySchema.safeParse(message).data;
    if (reply?.type !== 'loaded') return;
    clearTimeout(deadline);
    step = { what: 'it made no protocol', place: reply.place ?? step.place, ms: within.make };
    deadline = setTimeout(overdue, step.ms);
  });
  const { ipcOutput, stdout, stderr, exitCode, signal, isMaxBuffer } = await child;
  clearTimeout(deadline);
  const refused = (why: string): LastReply => ({ type: 'refused', lines: [`${path}${step.place}: ${why}`] });
  const last = ipcOutput.map((message) => moduleReplySchema.safeParse(message).data).at(-1);
  if (last !== undefined && last.type !== 'loaded') {
    if (last.type === 'answered')
      for (const line of `${stdout}\n${stderr}`.split('\n').filter((each) => each !== ''))
        say?.(`${path} prints: ${line}`);
    return last;
  }
  if (late.signal.aborted)
    return refused(`${step.what} after ${String(step.ms / 1000)} s; remove endless code`);
  if (isMaxBuffer) return refused(`it prints more than ${String(MOST_OUTPUT)} characters; print less`);
  if (signal === 'SIGABRT' || exitCode === 134)
    return refused(`it uses more than ${String(MEMORY)} MiB of memory; use less`);
  if (signal !== undefined) return refused(`its process ended by ${signal}; remove the cause`);
  return refused('it exits the process; remove the exit');
}
