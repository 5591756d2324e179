import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { NetNamespace } from '../kernel/netns.ts';
import { untilAccepted } from '../kernel/connect.ts';

/** A sandbox has its own /run, which ends with it. */
const FOLDER = '/run/nginx';
const READY_MS = 5_000;
const ASK_EVERY_MS = 5;

export interface NginxOptions {
  /** Its pod's name. */
  readonly name: string;
  readonly pod: NetNamespace;
  readonly program: string;
  readonly ip: string;
  readonly port: number;
  /** The service it forwards to. */
  readonly upstream: { readonly ip: string; readonly port: number };
}

/** A real nginx in a pod, as reverse proxy of one service; it ends with its sandbox. */
export class Nginx {
  readonly #options: NginxOptions;
  #process: ChildProcess | undefined;
  #keepalive = 0;

  constructor(options: NginxOptions) {
    this.#options = options;
  }

  /** Its pod's name. */
  get name(): string {
    return this.#options.name;
  }

  /** Idle connections to its upstream that it keeps. */
  get keepalive(): number {
    return this.#keepalive;
  }

  /**
   * Starts or restarts it, and waits until it accepts connections.
   *
   * @throws Error where it does not
   */
  async start(keepalive: number): Promise<void> {
    await this.#stop();
    const { name, pod, program } = this.#options;
    mkdirSync(FOLDER, { recursive: true });
    const file = `${FOLDER}/${name}.conf`;
    writeFileSync(file, nginxConf(this.#options, keepalive));
    const args = ['-p', FOLDER, '-e', 'stderr', '-c', file];
    this.#process = pod.within(() => spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
    const failed = once(this.#process, 'exit').then(() => {
      throw new Error(`nginx ended before it was ready: try ${program} -t -c ${file}`);
    });
    failed.catch(() => undefined);
    await Promise.race([this.#ready(), failed]);
    this.#keepalive = keepalive;
  }

  async #stop(): Promise<void> {
    if (this.#process?.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }

  async #ready(): Promise<void> {
    const { pod, ip, port } = this.#options;
    try {
      await untilAccepted(pod, ip, port, { withinMs: READY_MS, everyMs: ASK_EVERY_MS });
    } catch (error) {
      throw new Error(`nginx does not take connections after ${String(READY_MS / 1000)} s`, { cause: error });
    }
  }
}

/**
 * Without keepalive it forwards as nginx did by default before 1.30: HTTP/1.0, one connection per request.
 * Keepalive needs three settings; both variants are explicit, since the default has changed. Its folders must
 * belong to its user: root, the one user of every sandbox.
 */
export function nginxConf({ name, ip, port, upstream }: NginxOptions, keepalive: number): string {
  const kept = keepalive > 0;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
master_process off;
user root;
pid ${FOLDER}/${name}.pid;
error_log stderr crit;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 100000;
${temporary.map((kind) => `  ${kind}_temp_path ${FOLDER}/${name}-${kind};`).join('\n')}
  upstream backend {
    server ${upstream.ip}:${String(upstream.port)};
${kept ? `    keepalive ${String(keepalive)};` : ''}
  }
  server {
    listen ${ip}:${String(port)} backlog=4096;
    location / {
      proxy_pass http://backend;
      proxy_connect_timeout 1s;
      proxy_http_version ${kept ? '1.1' : '1.0'};
      proxy_set_header Connection ${kept ? '""' : 'close'};
    }
  }
}
`;
}
