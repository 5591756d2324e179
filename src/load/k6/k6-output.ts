import { z } from 'zod';
import { CONNECT_TIMEOUT, curlOutcome, HTTP_ERROR, NOT_RESOLVED, OPERATION_TIMEOUT } from '../curl.ts';
import { OUT_OF_FILES, OUT_OF_PORTS } from '../starved.ts';

/** The samples of `--out json` that are read. Those of a request are consecutive, `http_reqs` first. */
const READ = ['http_reqs', 'http_req_duration', 'http_req_blocked', 'checks', 'dropped_iterations'] as const;
const BEGINS = new RegExp(`^\\{"metric":"(?:${READ.join('|')})","type":"Point"`);

const pointSchema = z.object({
  metric: z.enum(READ),
  data: z.object({
    /** When it was taken; for a request, its end. */
    time: z.string(),
    value: z.number(),
    tags: z.record(z.string(), z.string()),
  }),
});
type Point = z.infer<typeof pointSchema>;

/** One HTTP request as timed by k6. */
export interface K6Request {
  /** ms since 1970. */
  readonly end: number;
  /** From due to end, ms. */
  readonly latency: number;
  /** `ok`, or the failure in curl's words. */
  readonly outcome: string;
}

/** Parses k6's samples, line by line. */
export class K6Output {
  readonly #onRequest: (request: K6Request) => void;
  readonly #timeoutMs: number;
  #open: { point: Point; duration: number; blocked: number } | undefined;
  #passed = 0;
  #failed = 0;
  #dropped = 0;

  /** @param timeoutMs latency of requests that were given up before connecting, for which k6 has no times */
  constructor(timeoutMs: number, onRequest: (request: K6Request) => void) {
    this.#timeoutMs = timeoutMs;
    this.#onRequest = onRequest;
  }

  /** The script's checks by result. */
  get checks(): { readonly passed: number; readonly failed: number } {
    return { passed: this.#passed, failed: this.#failed };
  }

  /** Iterations due when no virtual user was free. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Parses a line of k6's standard output; skips lines that are no samples, such as the final summary.
   *
   * @throws Error where a sample differs from k6's format
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

  /** Completes the request read last. */
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
    throw new Error(`not a sample as k6 writes it: ${line.slice(0, 100)}`, { cause });
  }
}

/** By k6's error codes (lib/netext/httpext/error_codes.go); 1400 to 1599 are the statuses 400 to 599. */
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
 * A request's outcome, in the words of the other loads.
 *
 * @param tags k6's: `error_code` and `error` of a failure, `status`, and `expected_response`
 * @param connected whether it had a connection
 */
export function outcomeOf(tags: Readonly<Record<string, string>>, connected: boolean): string {
  const { error_code: code, error, status = '0', expected_response: expected } = tags;
  if (expected === 'true' || (expected === undefined && code === undefined)) return 'ok';
  if (Number(status) >= 400 || code === undefined) return `${HTTP_ERROR}: ${status}`;
  if (code === REQUEST_TIMEOUT) return connected ? OPERATION_TIMEOUT : CONNECT_TIMEOUT;
  const errno = /unknown errno `(\d+)`/.exec(error ?? '')?.[1];
  return BY_CODE[code] ?? BY_ERRNO[errno ?? ''] ?? `(1) ${error ?? `k6 error ${code}`}`;
}

const NO_FILES = '(7) Failed to connect: Too many open files';
const NO_PORTS = curlOutcome({ code: 'EADDRNOTAVAIL' });

/** Linux's numbers for errors without a k6 code. */
const BY_ERRNO: Readonly<Record<string, string>> = {
  24: NO_FILES,
  99: NO_PORTS,
  101: curlOutcome({ code: 'ENETUNREACH' }),
  113: curlOutcome({ code: 'EHOSTUNREACH' }),
};

/** Why an outcome is the generator's fault and says nothing about the table. */
export function ownBottleneck(outcome: string): string | undefined {
  if (outcome === NO_PORTS) return OUT_OF_PORTS;
  return outcome === NO_FILES ? OUT_OF_FILES : undefined;
}
