import { emitKeypressEvents } from 'node:readline';
import { createLogUpdate } from 'log-update';
import type { Hands } from '../lab/hands.ts';
import { painter } from '../report/layout.ts';
import type { Screen } from '../report/progress.ts';
import type { Remedy } from '../remedy/remedy.ts';
import type { HandsOnLab } from './hands-on-lab.ts';
import { readGauge } from './gauge.ts';
import { PlaySession, type PlayUi } from './session.ts';
import { commandOf, type PlayState } from './state.ts';
import { screenOf, type About } from './text.ts';

interface Playing {
  readonly handsOn: HandsOnLab;
  readonly hands: Hands;
  readonly remedies: readonly Remedy[];
  readonly about: About;
  readonly shell: PlayUi['shell'];
  readonly follow: (session: PlaySession) => void;
  readonly screen: Screen & { readonly rows?: number };
}

/** ms between two readings of the table while nothing is offered. */
const GAUGE_MS = 1000;
const INTERRUPT = '\u0003';

/** A session with keys, and the whole screen redrawn. Ends by `q`, Ctrl-C, or with the signal. */
export async function playOnTerminal(playing: Playing, signal: AbortSignal): Promise<void> {
  const { handsOn, remedies, screen, about, follow } = playing;
  const draw = createLogUpdate(screen as NodeJS.WritableStream);
  const paint = painter(screen);
  const stop = new AbortController();
  let inShell = false;
  const show = (state: PlayState): void => {
    if (inShell) return;
    draw(screenOf(state, about, { columns: screen.columns ?? 80, rows: screen.rows ?? 24 }, paint));
  };
  const keys = keysOf(process.stdin);
  const session = new PlaySession(handsOn, remedies, {
    show,
    shell: async (place, until) => {
      inShell = true;
      draw.clear();
      keys.pause();
      try {
        await playing.shell(place, until);
      } finally {
        keys.resume();
        inShell = false;
      }
    },
  });
  follow(session);
  const { promise: over, resolve, reject } = Promise.withResolvers<undefined>();
  using ending = new DisposableStack();
  ending.defer(() => {
    stop.abort();
    keys.pause();
    draw.done();
  });
  for (const each of [signal, session.ended]) {
    const end = (): void => {
      resolve(undefined);
    };
    if (each.aborted) end();
    else each.addEventListener('abort', end, { once: true });
  }
  keys.on((key) => {
    if (inShell) return;
    const text = key === INTERRUPT ? 'q' : key;
    session.take({ type: 'command', command: commandOf(text, session.state.choices) }).catch(reject);
  });
  keys.resume();
  watchTable(session, playing, AbortSignal.any([signal, stop.signal])).catch(() => undefined);
  await over;
}

/** Reads the table while no phase does. Ends with the signal, or when the lab is gone. */
async function watchTable(
  session: PlaySession,
  { handsOn, hands }: Playing,
  signal: AbortSignal,
): Promise<void> {
  const { node } = handsOn.header.protocol;
  while (!signal.aborted) {
    if (session.state.busy === undefined) session.gauge(await readGauge(hands, node, signal));
    await handsOn.pause(GAUGE_MS, signal);
  }
}

function keysOf(stdin: NodeJS.ReadStream): {
  on(listener: (key: string) => void): void;
  pause(): void;
  resume(): void;
} {
  emitKeypressEvents(stdin);
  return {
    on: (listener) => {
      stdin.on('keypress', (text: string | undefined) => {
        if (text !== undefined) listener(text);
      });
    },
    pause: () => {
      stdin.setRawMode(false);
      stdin.pause();
    },
    resume: () => {
      stdin.setRawMode(true);
      stdin.resume();
    },
  };
}
