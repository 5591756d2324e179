/** HTTP requests, open loop: so many a second whatever becomes of those before. The scenario says how many, and to whom. */
import { check } from 'k6';
import http from 'k6/http';
import type { Options } from 'k6/options';

const { BASE_URL, REQUESTS, SECONDS, TIMEOUT } = __ENV as Record<
  'BASE_URL' | 'REQUESTS' | 'SECONDS' | 'TIMEOUT',
  string
>;

/** Less half a request's time: the one that would be due at the very end may come, or not. */
const duration = (Number(SECONDS) * 1000 * (Number(REQUESTS) - 0.5)) / Number(REQUESTS);

export const options = {
  scenarios: {
    saturate: {
      executor: 'constant-arrival-rate',
      rate: Number(REQUESTS),
      timeUnit: `${SECONDS}s`,
      duration: `${duration.toFixed(3)}ms`,
      // As many as wait in the worst case: each that is not answered keeps one busy until its time is up.
      preAllocatedVUs: 400,
    },
  },
  thresholds: { http_req_failed: ['rate < 0.02'], checks: ['rate > 0.98'] },
} satisfies Options;

export default function (): void {
  const response = http.get(BASE_URL, { timeout: TIMEOUT });
  check(response, { 'is answered': ({ status }) => status === 200 });
}
