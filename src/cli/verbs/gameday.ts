import { randomInt } from 'node:crypto';
import { printableText } from '../../util/printable.ts';
import { linesOf } from '../screen/lines.ts';
import { EXIT } from '../exit-codes.ts';
import type { HandsOnOptions } from '../hands-on/request.ts';
import { lessonLab } from '../hands-on/lesson-lab.ts';
import { SEEDS } from '../request/request.ts';
import { placeNamed, shellHere } from '../hands-on/shell-here.ts';
import { watchSignals } from '../signals.ts';
import { print, toStderr, type VerbContext } from '../verb-context.ts';
import { CAUSES, failureOf } from '../../workshop/gameday/failures.ts';
import { Game } from '../../workshop/gameday/game.ts';
import { neutral } from '../../workshop/gameday/neutral.ts';
import { requestSchema, type Event, type Request } from '../../workshop/gameday/protocol.ts';
import { HELP, lineOf, sayEvent } from '../../workshop/gameday/text.ts';
import { openLesson } from '../../workshop/open-lesson.ts';
import { oneLine } from '../../util/error-text.ts';

export type GamedayOptions = Pick<HandsOnOptions, 'seed' | 'pace' | 'wait'> & { readonly json: boolean };

const ABOUT = 'gameday';

/** `gameday`: a failure that nobody names, and a clock. @returns the exit code */
export async function gamedayVerb(
  options: GamedayOptions,
  argv: readonly string[],
  context: VerbContext,
): Promise<number> {
  const warn = toStderr(context);
  const signal = watchSignals(context.signals, warn);
  const seed = options.seed ?? randomInt(SEEDS);
  const lesson = failureOf(seed);
  const { request, machine } = await lessonLab(lesson, { ...options, lab: 'netns', seed }, argv, context);
  const hidden = {
    ...request,
    protocol: (...given: Parameters<typeof request.protocol>) => neutral(request.protocol(...given)),
  };
  const nothing = (): void => undefined;
  if (!options.json) warn('the lab is built and broken; this takes some 15 s');
  await using lab = await openLesson(
    { request: hidden, machine, say: nothing, warn, listen: nothing },
    { about: ABOUT },
    context.env,
    signal,
  );
  const game = new Game({ lesson, lab, causes: CAUSES }, signal);
  const tell = (event: Event): void => {
    if (options.json) context.stdout.write(`${printableText(JSON.stringify(event))}\n`);
    else for (const line of sayEvent(event)) print(context, line);
  };
  tell(game.report());
  const over = AbortSignal.any([signal, lab.lost]);
  for await (const line of linesOf('gameday> ', over)) {
    if (line.trim() === '') continue;
    const [word, name] = line.trim().split(/\s+/);
    if (!options.json && (word === 's' || word === 'shell')) {
      try {
        const place = placeNamed(name ?? lab.begun.handsOn.header.protocol.node, lab.hands);
        await shellHere(lab.hands, place, ABOUT, context, over);
      } catch (error) {
        tell({ event: 'error', message: oneLine(error) });
      }
      continue;
    }
    const parsed = options.json ? requestOf(line) : lineOf(line);
    if (typeof parsed === 'string') {
      tell({ event: 'error', message: parsed });
      continue;
    }
    if (parsed.do === 'end') break;
    try {
      tell(await game.take(parsed));
    } catch (error) {
      over.throwIfAborted();
      tell({ event: 'error', message: oneLine(error) });
    }
  }
  over.throwIfAborted();
  tell(game.score);
  return EXIT.ok;
}

/** @returns the request, or what is wrong with the line */
function requestOf(line: string): Request | string {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return 'not a JSON object on one line; for example {"do":"check"}';
  }
  const { success, data, error } = requestSchema.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a request'}; ${HELP}`;
}
