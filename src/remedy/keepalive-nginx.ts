import { KEPT_CONNECTIONS } from './keepalive.ts';
import type { Remedy } from './remedy.ts';
import { NGINX } from './requirement.ts';

/** Idle connections to the upstream that one nginx keeps, as in most examples. */
const KEPT = 32;

export const keepaliveNginx: Remedy = {
  name: 'keepalive-nginx',
  summary:
    'nginx keeps its connections to the upstream: keepalive 32, proxy_http_version 1.1, no Connection header',
  applies: 'each nginx that is a reverse proxy: its upstream and location blocks',
  cost: 'idle connections hold an entry and a file descriptor each, at both ends; a reload of nginx',
  why: { helps: 'nginx reuses its connections', fails: 'nginx is not what opens them' },
  breaks: KEPT_CONNECTIONS,
  requires: [NGINX],
  changes: () => [{ kind: 'nginx', keepalive: KEPT }],
};
