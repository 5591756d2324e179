import { z } from 'zod';

/** The format of `--summary-export`: per threshold expression of a metric, whether it was crossed. */
const summarySchema = z.object({
  metrics: z.record(z.string(), z.looseObject({ thresholds: z.record(z.string(), z.boolean()).optional() })),
});

/**
 * `threshold.METRIC` of each metric with thresholds: 1 where all hold, else 0.
 *
 * @param text the summary
 * @throws Error where it is none
 */
export function thresholdFigures(text: string): Readonly<Record<string, number>> {
  const { metrics } = summarySchema.parse(JSON.parse(text));
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, { thresholds = {} }]) => {
      const crossed = Object.values(thresholds);
      return crossed.length === 0 ? [] : [[`threshold.${name}`, crossed.includes(true) ? 0 : 1]];
    }),
  );
}

/** k6's exit codes (errext/exitcodes) without those of its cloud. */
const EXIT_CODES: Readonly<Record<number, string>> = {
  100: 'its setup() took too long',
  101: 'its teardown() took too long',
  102: 'a timeout',
  103: 'stopped through its API',
  104: 'its configuration is invalid',
  105: 'aborted by a signal',
  106: 'its API could not be started',
  107: 'an exception in the script',
  108: 'aborted by the script',
  109: 'a panic in k6 itself',
  110: 'marked as failed by the script',
};

/** 0: success. 99: completed with crossed thresholds, which are figures. */
const DONE: readonly (number | null)[] = [0, 99];

/**
 * Why a k6 that ended so proves nothing; undefined where it does.
 *
 * @param code null: killed
 * @param lastWords the last error of its log
 */
export function whyEnded(code: number | null, lastWords: string): string | undefined {
  if (DONE.includes(code)) return undefined;
  const why = code === null ? 'k6 was killed' : `k6 ended with ${String(code)}`;
  const known = code === null ? undefined : EXIT_CODES[code];
  const words = lastWords === '' ? '' : `: ${lastWords}`;
  return `${why}${known === undefined ? '' : ` (${known})`}${words}`;
}

/** Keeps a log's last error, or else its last line. */
export class LastWords {
  #error: string | undefined;
  #line = '';

  take(line: string): void {
    if (line.trim() === '') return;
    const said = /^time=\S+ level=(\w+) msg=("(?:[^"\\]|\\.)*")/.exec(line);
    const [, level, message = '""'] = said ?? [];
    this.#line = said === null ? line.trim() : (JSON.parse(message) as string);
    if (level === 'error' || level === 'fatal') this.#error = this.#line;
  }

  /** On one line. */
  get said(): string {
    return (this.#error ?? this.#line).replaceAll(/\s+/g, ' ').slice(0, 300);
  }
}
