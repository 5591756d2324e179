/** HTTP requests, open loop: so many a second whatever becomes of those before. The scenario says how many, and to whom. */
import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options } from 'k6/options';

const { BASE_URL, REQUESTS, SECONDS, TIMEOUT } = __ENV as Record<
  'BASE_URL' | 'REQUESTS' | 'SECONDS' | 'TIMEOUT',
  string
>;

export const options = {
  scenarios: {
    saturate: {
      executor: 'constant-arrival-rate',
      rate: Number(REQUESTS),
      timeUnit: `${SECONDS}s`,
      // How many are begun by the very end is left to chance: so there is time for more, and those are not made.
      duration: `${String(Number(SECONDS) + 0.2)}s`,
      // As many as wait in the worst case: each that is not answered keeps one busy until its time is up.
      preAllocatedVUs: 950,
    },
  },
  thresholds: { http_req_failed: ['rate < 0.02'], checks: ['rate > 0.98'] },
} satisfies Options;

export default function (): void {
  if (exec.scenario.iterationInTest >= Number(REQUESTS)) return;
  const response = http.get(BASE_URL, { timeout: TIMEOUT });
  check(response, { 'is answered': ({ status }) => status === 200 });
}
