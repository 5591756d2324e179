import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Words } from '../../host/host.ts';
import type { Place } from '../../lab/hands.ts';
import { banner, commandIn, shellIn } from '../../lab/shell.ts';
import { standingLabs, type StandingLab } from '../../lab/standing-labs.ts';
import { isAlive } from '../../guard/owner.ts';
import { suggestion } from '../../util/nearest.ts';
import { waitWhile } from '../../util/wait-while.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import { print, say, type Io } from '../verb-context.ts';

/** Exit codes above this are signals. */
const SIGNALLED = 128;
/** Maximum wait for a killed lab's end, ms. */
const GONE_WITHIN_MS = 1000;
const LOOK_AGAIN_MS = 50;

/** `shell [NODE|POD] [COMMAND…]`: a shell in a lab that stands, or one command there. @returns its exit code */
export async function shellVerb(
  name: string | undefined,
  command: readonly string[],
  { lab: pid }: { readonly lab?: number },
  io: Io,
): Promise<number> {
  const all = standingLabs(io.env);
  const labs = pid === undefined ? all : all.filter(({ first }) => first.pid === pid);
  const found = labs.flatMap((lab) => {
    const place = name === undefined ? lab.places[0] : lab.places.find((each) => each.name === name);
    return place === undefined ? [] : [{ lab, place }];
  });
  const [only, another] = found;
  if (only === undefined) throw new UsageError(noSuchPlace(name, pid, all));
  if (another !== undefined) {
    for (const { lab } of found)
      print(io, `--lab ${String(lab.first.pid)}  ${lab.about}, since ${lab.startedAt}`);
    throw new UsageError(`${String(found.length)} labs run; name one with --lab NUMBER`);
  }
  return inside(only.lab, only.place, command, io);
}

function noSuchPlace(name: string | undefined, pid: number | undefined, all: readonly StandingLab[]): string {
  if (all.length === 0)
    return 'no lab runs that can be entered; `tablefull lab play saturate` makes one, and `tablefull run NAME --keep-lab` keeps one';
  const lab = pid === undefined ? undefined : all.find(({ first }) => first.pid === pid);
  if (pid !== undefined && lab === undefined)
    return `--lab ${String(pid)}: no such lab runs; use ${all.map(({ first }) => String(first.pid)).join(', ')}`;
  const names = (lab === undefined ? all : [lab]).flatMap(({ places }) => places.map((place) => place.name));
  return `unknown node or pod ${name ?? ''}; ${suggestion(name ?? '', names)}`;
}

async function inside(lab: StandingLab, place: Place, command: readonly string[], io: Io): Promise<number> {
  // Commander passes on the `--` before a command.
  const [program, ...args] = command[0] === '--' ? command.slice(1) : command;
  const words: Words =
    program === undefined ? shellIn(lab, place, io.env.PATH) : commandIn(lab, place, [program, ...args]);
  if (program === undefined && process.stdin.isTTY) for (const line of banner(lab, place)) say(io, line);
  // The shell handles Ctrl-C; this process waits for it.
  io.signals.on('SIGINT', () => undefined);
  const [first, ...rest] = words;
  const child = spawn(first, rest, { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (await hasEnded(lab, code)) {
    say(io, 'the lab has ended');
    return EXIT.environment;
  }
  // An interactive shell’s status is that of its last command, which says nothing about this one.
  return program === undefined && process.stdin.isTTY ? EXIT.ok : (code ?? EXIT.environment);
}

/** The kernel ends a lab's first process last: after the shell was killed it may take a moment. */
function hasEnded({ first }: StandingLab, code: number | null): Promise<boolean> {
  const withinMs = code === null || code > SIGNALLED ? GONE_WITHIN_MS : 0;
  return waitWhile(() => isAlive(first), { withinMs, everyMs: LOOK_AGAIN_MS });
}
