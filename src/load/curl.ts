/** Outcomes in curl's words and with its exit codes (curl's docs/libcurl/libcurl-errors.md). */
const BY_ERRNO: Readonly<Record<string, string>> = {
  ECONNREFUSED: '(7) Failed to connect: Connection refused',
  EHOSTUNREACH: '(7) Failed to connect: No route to host',
  ENETUNREACH: '(7) Failed to connect: Network is unreachable',
  EADDRNOTAVAIL: '(7) Failed to connect: Cannot assign requested address',
  ECONNRESET: '(56) Recv failure: Connection reset by peer',
  EPIPE: '(55) Send failure: Broken pipe',
};

export const NOT_RESOLVED = '(6) Could not resolve host';
/** With --fail. */
export const HTTP_ERROR = '(22) The requested URL returned error';
/** Timeouts whose cause TCP_INFO tells: still sending SYNs, or connected and waiting. */
export const CONNECT_TIMEOUT = '(28) Connection timed out';
export const OPERATION_TIMEOUT = '(28) Operation timed out';
export const EMPTY_REPLY = '(52) Empty reply from server';

/** @param error of a system call, or just its errno's name */
export function curlOutcome({
  code = '',
  message = code,
}: {
  code?: string | undefined;
  message?: string;
}): string {
  return BY_ERRNO[code] ?? `(1) ${message}`;
}
