/** Requests in a closed loop; k6's options decide whether connections are reused. */
import http from 'k6/http';

const { URL: url } = __ENV as Record<'URL', string>;

export default function (): void {
  http.get(url);
}
