import { closeSync, fstatSync, openSync } from 'node:fs';
import { CLONE_NEWNET, setns } from './libc.ts';

/** The namespace this thread was in before it first entered another one. Kept open: it is the way back. */
let home: Held | undefined;
/** The namespace this thread is in now; nested calls return to it. */
let current: Held | undefined;

interface Held {
  readonly fd: number;
  /** Its number; two descriptors of one namespace have the same. */
  readonly inode: number;
}

function hold(path: string): Held {
  const fd = openSync(path, 'r');
  return { fd, inode: fstatSync(fd).ino };
}

/**
 * A network namespace, held open: it lives at least as long as this object, even if its name is deleted.
 *
 * A thread is in one namespace at a time (setns(2)), and a socket stays in the namespace it was made in. So
 * `within` enters, makes sockets or opens files, and leaves; everything else goes on at home. Node's other
 * threads (file system promises, getaddrinfo) never follow: use the synchronous calls of node:fs inside, and
 * /proc/thread-self/net, as /proc/net is that of the process's main thread.
 */
export class NetNamespace implements Disposable {
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
   * Runs `fn` in the namespace and returns to where the thread was, whatever `fn` does; calls nest.
   * A child process that `fn` spawns starts in the namespace and stays there. Where the thread is there already,
   * nothing is entered, which needs no capability.
   *
   * @param fn no async function: all after its first await would run at home
   * @throws Error where `fn` is async, where the namespace is closed, or of setns(2): EPERM needs
   *   CAP_SYS_ADMIN in the user namespaces of both network namespaces
   */
  within<T>(fn: () => T): T {
    const there = this.#open;
    home ??= hold('/proc/thread-self/ns/net');
    const back = current ?? home;
    if (there.inode === back.inode) return this.#synchronous(fn);
    setns(there.fd, CLONE_NEWNET);
    current = there;
    try {
      return this.#synchronous(fn);
    } finally {
      current = back;
      setns(back.fd, CLONE_NEWNET);
    }
  }

  #synchronous<T>(fn: () => T): T {
    const result = fn();
    if (result instanceof Promise)
      throw new Error(`${this.path}: within() takes no async function: its rest would run at home`);
    return result;
  }

  get #open(): Held {
    if (this.#held === undefined) throw new Error(`${this.path}: the network namespace is closed`);
    return this.#held;
  }

  /** Its number, by which the kernel's log and `lsns -t net` name it. */
  get inode(): number {
    return this.#open.inode;
  }

  /** Closes the descriptor; more than once is fine. */
  close(): void {
    if (this.#held === undefined) return;
    closeSync(this.#held.fd);
    this.#held = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
