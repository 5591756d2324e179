import { z } from 'zod';
import { CONNECT_TIMEOUT, curlOutcome, HTTP_ERROR, NOT_RESOLVED, OPERATION_TIMEOUT } from '../curl.ts';

/** Of the samples of `--out json`, those that are read; a request's come one after the other, `http_reqs` first. */
const READ = ['http_reqs', 'http_req_duration', 'http_req_blocked', 'checks', 'dropped_iterations'] as const;
const BEGINS = new RegExp(`^\\{"metric":"(?:${READ.join('|')})","type":"Point"`);

const pointSchema = z.object({
  metric: z.enum(READ),
  data: z.object({
    /** When it was taken: of a request, its end. */
    time: z.string(),
    value: z.number(),
    tags: z.record(z.string(), z.string()),
  }),
});
type Point = z.infer<typeof pointSchema>;

/** One HTTP request as k6 has timed it. */
export interface K6Request {
  /** ms since 1970. */
  readonly end: number;
  /** From when it was due to its end, ms. */
  readonly latency: number;
  /** `ok`, or the failure in curl's words. */
  readonly outcome: string;
}

/** What becomes of k6's samples, a line at a time. */
export class K6Output {
  readonly #onRequest: (request: K6Request) => void;
  readonly #timeoutMs: number;
  #open: { point: Point; duration: number; blocked: number } | undefined;
  #passed = 0;
  #failed = 0;
  #dropped = 0;

  /** @param timeoutMs of a request that was given up before it was connected k6 has no times, only this */
  constructor(timeoutMs: number, onRequest: (request: K6Request) => void) {
    this.#timeoutMs = timeoutMs;
    this.#onRequest = onRequest;
  }

  /** Checks of the script, by what came of them. */
  get checks(): { readonly passed: number; readonly failed: number } {
    return { passed: this.#passed, failed: this.#failed };
  }

  /** Iterations that were due when no virtual user was free. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Takes a line of k6's standard output; what is no sample, as the summary in the end, is passed over.
   *
   * @throws Error where a sample is not as k6 writes it
   */
  take(line: string): void {
    if (!BEGINS.test(line)) return;
    const point = sampleIn(line);
    const { value } = point.data;
    switch (point.metric) {
      case 'http_reqs':
        this.end();
        this.#open = { point, duration: 0, blocked: 0 };
        return;
      case 'http_req_duration':
        if (this.#open) this.#open.duration = value;
        return;
      case 'http_req_blocked':
        if (this.#open) this.#open.blocked = value;
        return;
      case 'checks':
        if (value === 1) this.#passed++;
        else this.#failed++;
        return;
      case 'dropped_iterations':
        this.#dropped += value;
        return;
    }
  }

  /** Nothing more will come of the request that was read last. */
  end(): void {
    if (this.#open === undefined) return;
    const { point, duration, blocked } = this.#open;
    this.#open = undefined;
    const { time, tags } = point.data;
    const timed = blocked + duration;
    const outcome = outcomeOf(tags, timed > 0);
    const latency = timed === 0 && outcome === CONNECT_TIMEOUT ? this.#timeoutMs : timed;
    this.#onRequest({ end: Date.parse(time), latency, outcome });
  }
}

function sampleIn(line: string): Point {
  try {
    return pointSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new Error(`this is none as k6 writes it: ${line.slice(0, 100)}`, { cause });
  }
}

/** By k6's error codes (lib/netext/httpext/error_codes.go): 1400 to 1599 are the statuses 400 to 599. */
const BY_CODE: Readonly<Record<string, string>> = {
  1100: NOT_RESOLVED,
  1101: NOT_RESOLVED,
  1201: curlOutcome({ code: 'EPIPE' }),
  1211: CONNECT_TIMEOUT,
  1212: curlOutcome({ code: 'ECONNREFUSED' }),
  1220: curlOutcome({ code: 'ECONNRESET' }),
};

const REQUEST_TIMEOUT = '1050';

/**
 * What became of a request, in the words of the other loads.
 *
 * @param tags k6's: `error_code` and `error` of one that failed, `status`, and whether it is one that the script expects
 * @param connected had it a connection?
 */
export function outcomeOf(tags: Readonly<Record<string, string>>, connected: boolean): string {
  const { error_code: code, error, status = '0', expected_response: expected } = tags;
  if (expected === 'true' || (expected === undefined && code === undefined)) return 'ok';
  if (Number(status) >= 400 || code === undefined) return `${HTTP_ERROR}: ${status}`;
  if (code === REQUEST_TIMEOUT) return connected ? OPERATION_TIMEOUT : CONNECT_TIMEOUT;
  const errno = /unknown errno `(\d+)`/.exec(error ?? '')?.[1];
  return BY_CODE[code] ?? BY_ERRNO[errno ?? ''] ?? `(1) ${error ?? `k6 error ${code}`}`;
}

/** Linux' numbers of what k6 has no code for. */
const BY_ERRNO: Readonly<Record<string, string>> = {
  24: '(7) Failed to connect: Too many open files',
  99: curlOutcome({ code: 'EADDRNOTAVAIL' }),
  101: curlOutcome({ code: 'ENETUNREACH' }),
  113: curlOutcome({ code: 'EHOSTUNREACH' }),
};

/** Why an outcome is the generator's own: it has nothing to do with any table. */
export function ownBottleneck(outcome: string): string | undefined {
  if (outcome.endsWith('Cannot assign requested address')) return 'the pods are out of local ports';
  if (outcome.endsWith('Too many open files'))
    return 'out of file descriptors: raise the limit of open files';
  return undefined;
}
