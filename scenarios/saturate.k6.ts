/**
 * HTTP requests, open loop: a fixed rate, whatever happens to earlier requests. The scenario sets rate and
 * target.
 */
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
      // Chance decides how many iterations k6 begins by the end. So there is time for more, and surplus
      // ones ask nothing.
      duration: `${String(Number(SECONDS) + 0.2)}s`,
      // The worst case: each unanswered request keeps one virtual user busy until its timeout.
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
