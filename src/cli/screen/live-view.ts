import { allOf, type Talker } from '../../run/reporter.ts';
import { Unavailable } from '../../run/stops.ts';
import type { Verdict } from '../../schema/verdict.ts';
import { say, type VerbContext } from '../verb-context.ts';
import { oneLine } from '../../util/error-text.ts';

/** A run in a browser, for as long as it is not disposed of. */
interface LiveView extends AsyncDisposable {
  /** @param isLast whether a verdict is the last attempt’s */
  readonly reporter: (isLast: (verdict: Verdict) => boolean) => Talker;
}

/** Serves `--ui` and prints its address. @throws Unavailable where there is no port */
export async function openLiveView(context: VerbContext): Promise<LiveView> {
  const [{ LiveServer }, { livePage }, { liveReporter }] = await Promise.all([
    import('../../report/live/server.ts'),
    import('../../report/live/page.ts'),
    import('../../report/live/reporter.ts'),
  ]);
  const server = await LiveServer.open(livePage()).catch((error: unknown) => {
    throw new Unavailable(`--ui: ${oneLine(error)}`, { cause: error });
  });
  say(context, `live view, for a browser on this machine: ${server.url}`);
  return {
    reporter: (isLast) => liveReporter(server, isLast),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Two reporters of one run. What fails in the second is said by the first. */
export function beside(first: Talker, second: Talker): Talker {
  return {
    ...allOf([first, second], (line) => {
      first.talk(line);
    }),
    talk(line) {
      first.talk(line);
      second.talk(line);
    },
  };
}
