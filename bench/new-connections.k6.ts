/** Requests as fast as they are answered; whether connections are reused is k6's option. */
import http from 'k6/http';

const { URL: url } = __ENV as Record<'URL', string>;

export default function (): void {
  http.get(url);
}
