import { networkInterfaces } from 'node:os';
import { keepDescriptors } from '../../kernel/inherited.ts';
import type { TableSize } from '../../kernel/sizing.ts';
import { kernelSysctls } from '../../guard/sysctls.ts';
import type { Machine } from '../../run/execute.ts';
import { Unavailable } from '../../run/stops.ts';
import { squeezeIn } from '../../schema/protocol.ts';
import { openLesson } from '../../workshop/open-lesson.ts';
import { tooManyTables } from '../../workshop/seats/hash.ts';
import { noJail, prepareJail } from '../../workshop/seats/jail.ts';
import { classOf, SeatsFile } from '../../workshop/seats/record.ts';
import { Room } from '../../workshop/seats/room.ts';
import type { SeatOptions } from '../../workshop/seats/seat.ts';
import { serve, type Address } from '../../workshop/seats/server.ts';
import { MYTHS } from '../../workshop/myths.ts';
import { EXIT, UsageError } from '../exit-codes.ts';
import { lessonLab, lessonNamed } from '../hands-on/lesson-lab.ts';
import { environmentOf } from '../request/environment.ts';
import { DEFAULT_LISTEN } from '../options/values.ts';
import { jobsFor, sharedMachine } from '../shared-machine.ts';
import { watchSignals } from '../signals.ts';
import { print, toStderr, type VerbContext } from '../verb-context.ts';
import type { WorkshopOptions } from './workshop.ts';
import { sayCheck } from '../../lab/entry.ts';

export interface SeatsOptions {
  readonly seats?: number;
  readonly listen?: Address;
  readonly anew: boolean;
}

/** `workshop LESSON --seats N`: a class, until Ctrl-C. @returns the exit code */
export async function seatsVerb(
  name: string,
  { seats: count = 1, listen = DEFAULT_LISTEN, anew, ...options }: WorkshopOptions & SeatsOptions,
  argv: readonly string[],
  context: VerbContext,
): Promise<number> {
  if (options.lab !== undefined && options.lab !== 'netns')
    throw new UsageError(`--seats: a class has the lab netns, not ${options.lab}; leave --lab out`);
  if (name === MYTHS.name)
    throw new UsageError(`--seats: ${name} is a quiz without a lab; name another lesson`);
  const lesson = lessonNamed(name);
  // A seat’s terminal sees no file of the machine.
  if (lesson.byFile === true || lesson.files !== undefined)
    throw new UsageError(
      `--seats: the lesson ${name} is about a file, which a seat can’t have; name another one`,
    );
  const why = noJail(context.env.PATH ?? '');
  if (why !== undefined) throw new Unavailable(sayCheck({ name: '--seats', status: 'missing', ...why }));
  const tell = toStderr(context);
  const signal = watchSignals(context.signals, tell);
  const { request, lab } = await lessonLab(lesson, { ...options, lab: 'netns' }, argv, context);
  const { seed, squeeze } = request;
  const machine: Machine = await sharedMachine(
    { lab: lab.name, squeeze, seed },
    context.versions,
    context,
    signal,
    tell,
  );
  if (squeeze === 'ballast' && squeezeIn(request.protocol(environmentOf(squeeze, context))) !== undefined) {
    const crowded = tooManyTables(count, tableSize());
    if (crowded !== undefined) throw new Unavailable(`--seats: ${crowded}`);
  }
  keepDescriptors();
  const file = new SeatsFile(lesson.name, context.env);
  const about = (seat: number): string => `workshop ${lesson.name}, seat ${String(seat)}`;
  const open: SeatOptions['open'] = async (seat, status, until) => {
    const opening = { request, machine, say: status, warn: tell, listen: seat.follow };
    await using stack = new AsyncDisposableStack();
    const opened = stack.use(await openLesson(opening, { about: about(seat.number) }, context.env, until));
    await prepareJail(opened.hands, until);
    stack.move();
    return opened;
  };
  await using room = new Room(
    {
      ...{ lesson, count, file, open, say: tell, pause: context.pause },
      record: classOf(lesson.name, count, anew ? undefined : file.read()),
      atOnce: jobsFor(undefined, lab, squeeze),
    },
    signal,
  );
  await using server = await serve(room, listen, { about, say: tell });
  const { host, port } = server.address;
  print(
    context,
    `the trainer’s page, with the links of the seats: http://${reachable(host)}:${String(port)}/t/${room.trainer}`,
  );
  print(context, openness(host));
  await Promise.all([room.openAll(), room.look()]);
  signal.throwIfAborted();
  return EXIT.ok;
}

/** The machine's maximum, which every lab's table has, and the buckets that all share. */
function tableSize(): TableSize {
  return {
    max: kernelSysctls.read('nf_conntrack_max'),
    buckets: kernelSysctls.read('nf_conntrack_buckets'),
  };
}

/** What the address lets in. */
function openness(host: string): string {
  return isLoopback(host)
    ? 'only this machine can open it; --listen 0.0.0.0 opens it to the room'
    : 'everybody in the network can reach it: whoever has a link gets in, and links are not encrypted on their way';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** An address that a browser elsewhere can open. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') {
    const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
  }
  return host.includes(':') ? `[${host}]` : host;
}
