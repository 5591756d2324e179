import { announce } from '../../lab/standing-labs.ts';
import { BEGIN } from '../../lab/shell.ts';
import { applicable, openHandsOn } from '../../play/open-hands-on.ts';
import { PlaySession, type PlayUi } from '../../play/session.ts';
import { commandOf } from '../../play/state.ts';
import { answerLines, openingLines, type About } from '../../play/text.ts';
import { playOnTerminal } from '../../play/terminal.ts';
import type { HistoryEvent } from '../../schema/history.ts';
import { Unavailable } from '../../run/stops.ts';
import { EXIT } from '../exit-codes.ts';
import { handsOnRequest, type HandsOnOptions } from '../hands-on/request.ts';
import { linesOf } from '../screen/lines.ts';
import { placeNamed, shellHere } from '../hands-on/shell-here.ts';
import { watchSignals } from '../signals.ts';
import { print, toStderr, type VerbContext } from '../verb-context.ts';

/** `lab play SCENARIO`: the lab stands, and a person acts. @returns the exit code */
export async function labPlayVerb(
  named: string,
  options: HandsOnOptions,
  argv: readonly string[],
  context: VerbContext,
): Promise<number> {
  const { request, lab, machine } = await handsOnRequest(named, options, argv, context);
  const told = toStderr(context);
  const signal = watchSignals(context.signals, told);
  let listen: (event: HistoryEvent) => void = () => undefined;
  await using handsOn = await openHandsOn(
    {
      ...{ request, machine, say: told, warn: told },
      listen: (event) => {
        listen(event);
      },
    },
    signal,
  );
  const hands = handsOn.lab.hands?.();
  if (hands === undefined) throw new Unavailable(`the lab ${lab.name} can’t be entered; use --lab netns`);
  const about = `lab play ${request.scenario}`;
  using _ = await announce(hands, { about, begin: BEGIN }, context.env);
  const { can, not } = applicable(request.remedies, handsOn, lab.cannot);
  for (const [name, why] of not) told(`${name}: ${why}`);
  const summary = context.scenarios.find(({ name }) => name === request.scenario)?.summary ?? '';
  const shown: About = { scenario: request.scenario, summary, node: handsOn.header.protocol.node };
  const follow = (session: PlaySession): void => {
    listen = session.follow;
  };
  const shell = async (name: string | undefined, stop: AbortSignal): Promise<void> => {
    const place = placeNamed(name ?? handsOn.header.protocol.node, hands);
    await shellHere(hands, place, about, context, AbortSignal.any([stop, handsOn.lab.lost]));
  };
  const over = AbortSignal.any([signal, handsOn.lab.lost]);
  if (process.stdin.isTTY && context.stdout.isTTY === true) {
    await playOnTerminal(
      { handsOn, hands, remedies: can, about: shown, shell, follow, screen: context.stdout },
      over,
    );
  } else await inLines(new PlaySession(handsOn, can, lineUi(shown, shell, context)), over);
  over.throwIfAborted();
  return EXIT.ok;
}

/** Without a terminal: a command a line on stdin, and what it did on stdout. */
function lineUi(about: About, shell: PlayUi['shell'], context: VerbContext): PlayUi {
  return {
    show: (state, input) => {
      const lines = input === undefined ? openingLines(state, about) : answerLines(state, input);
      for (const line of lines) print(context, line);
    },
    shell,
  };
}

async function inLines(session: PlaySession, signal: AbortSignal): Promise<void> {
  for await (const line of linesOf('', signal)) {
    if (line.trim() === '') continue;
    await session.take({ type: 'command', command: commandOf(line, session.state.choices) });
    if (session.ended.aborted) return;
  }
}
