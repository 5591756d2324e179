import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { readText, YAML_ENDINGS } from './loader.ts';
import { NoScenario, type Located } from './located.ts';
import {
  answeredScenario,
  moduleReplySchema,
  requestOf,
  type Ask,
  type ModuleReply,
} from './module-answers.ts';
import { scenarioFromYaml } from './yaml-scenario.ts';

/** A module that takes longer to load is one that never ends; so is one that takes longer to make its protocols. */
const WITHIN_MS = { load: 15_000, make: 15_000 } as const;
/** So much a scenario may hold, MiB. */
const MEMORY = 512;
/** Should we be killed meanwhile, a loop without an end ends with the time that it may use, s. */
const MOST_CPU = 60;
/** What a module may print. */
const MOST_OUTPUT = 64 * 1024;

const ENTRY = fileURLToPath(new URL(`module-process${extname(import.meta.url)}`, import.meta.url));

interface Loading {
  readonly within?: { readonly load: number; readonly make: number };
  /** Told what the module prints: talk, and no data of ours. */
  readonly say?: (line: string) => void;
}

/**
 * Reads a scenario's file: takes a YAML text for what it says, or has a module's code run in a process of its own.
 *
 * @param ask what a module's scenario will be asked for
 * @throws NoScenario: a line each, with the file, the place in it where that is known, and the fix
 */
export async function loadLocated(path: string, ask: Ask, loading: Loading = {}): Promise<Located> {
  const text = await readText(path);
  if (YAML_ENDINGS.includes(extname(path))) return scenarioFromYaml(text, path);
  const reply = await asked(path, ask, loading);
  if (reply.type !== 'answered') throw new NoScenario(reply.lines);
  const scenario = answeredScenario(reply);
  return { scenario, at: () => scenario.place ?? '' };
}

type LastReply = Exclude<ModuleReply, { type: 'loaded' }>;

/** Asks the module's process, and ends it where it does not answer in time. */
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
    // What it has started itself may hold these open for longer than it lives.
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
  });
  let step = { what: 'it is not loaded', place: ':1:1', ms: within.load };
  const overdue = (): void => {
    late.abort();
  };
  let deadline = setTimeout(overdue, step.ms);
  child.on('message', (message) => {
    const reply = moduleReplySchema.safeParse(message).data;
    if (reply?.type !== 'loaded') return;
    clearTimeout(deadline);
    step = { what: 'its protocol is not made', place: reply.place ?? step.place, ms: within.make };
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
    return refused(`${step.what} after ${String(step.ms / 1000)} s; leave out what never ends`);
  if (isMaxBuffer) return refused(`it prints more than ${String(MOST_OUTPUT)} characters; leave that out`);
  if (signal === 'SIGABRT' || exitCode === 134)
    return refused(`it takes more than ${String(MEMORY)} MiB of memory; leave out what grows without end`);
  if (signal !== undefined) return refused(`its process is ended by ${signal}; leave out what does that`);
  return refused('it ends the process; leave that out');
}
