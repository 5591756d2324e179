import { closeSync, fstatSync, openSync } from 'node:fs';
import { setns } from './libc.ts';

/** This thread's namespace before it first entered another; kept open for the way back. */
let home: Held | undefined;
/** This thread's current namespace; nested calls return to it. */
let current: Held | undefined;

interface Held {
  readonly fd: number;
  /** Its number, equal for all descriptors of one namespace. */
  readonly inode: number;
}

function hold(path: string): Held {
  const fd = openSync(path, 'r');
  return { fd, inode: fstatSync(fd).ino };
}

/** Where sockets are made. */
export interface Namespace {
  readonly path: string;
  /** Runs `fn`, which must not be async, in the namespace. */
  within<T>(fn: () => T): T;
}

/**
 * A network namespace, held open: it lives at least as long as this object, even if its name is deleted.
 *
 * A thread is in one namespace at a time (setns(2)); a socket stays in the one it was made in. So `within`
 * enters, makes sockets or opens files, and leaves. Node's other threads (file system promises, getaddrinfo)
 * never follow: inside, use the synchronous calls of node:fs. Read /proc/thread-self/net: /proc/net is the
 * main thread's.
 */
export class NetNamespace implements Namespace, Disposable {
  readonly path: string;
  #held: Held | undefined;

  private constructor(path: string) {
    this.path = path;
    this.#held = hold(path);
  }

  /**
   * @param path `/run/netns/NAME` or `/proc/PID/ns/net`
   * @throws Error naming the path where there is no such namespace
   */
  static open(path: string): NetNamespace {
    return new NetNamespace(path);
  }

  /** The descriptor, for a child process to inherit. @throws Error where the namespace is closed */
  get fd(): number {
    return this.#open.fd;
  }

  /**
   * Runs `fn` in the namespace, and always returns to the previous one; calls nest. Child processes of `fn`
   * start in the namespace and stay there. Entering the current namespace needs no capability.
   *
   * @param fn must not be async: after its first await it would run at home
   * @throws Error where `fn` is async, where the namespace is closed, or of setns(2): EPERM needs
   *   CAP_SYS_ADMIN in the user namespaces of both network namespaces
   */
  within<T>(fn: () => T): T {
    const there = this.#open;
    home ??= hold('/proc/thread-self/ns/net');
    const back = current ?? home;
    if (there.inode === back.inode) return this.#synchronous(fn);
    setns(there.fd);
    current = there;
    try {
      return this.#synchronous(fn);
    } finally {
      current = back;
      setns(back.fd);
    }
  }

  #synchronous<T>(fn: () => T): T {
    const result = fn();
    if (result instanceof Promise)
      throw new Error(
        `${this.path}: within() takes no async function: after its first await it would run in another namespace`,
      );
    return result;
  }

  get #open(): Held {
    if (this.#held === undefined) throw new Error(`${this.path}: the network namespace is closed`);
    return this.#held;
  }

  /** Its number, as in the kernel's log and `lsns -t net`. */
  get inode(): number {
    return this.#open.inode;
  }

  /** Closes the descriptor. Idempotent. */
  close(): void {
    if (this.#held === undefined) return;
    closeSync(this.#held.fd);
    this.#held = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
