import { close, EPOLL_CTL_ADD, EPOLL_CTL_DEL, epollCreate, epollCtl, epollWait } from './nonblocking.ts';

/**
 * struct epoll_event (include/uapi/linux/eventpoll.h) is packed on x86-64 only: 32 bits of events, 64 of
 * data.
 */
const [SIZE, DATA_AT] = process.arch === 'x64' ? ([12, 4] as const) : ([16, 8] as const);
const MOST = 512;

/** Waits for many descriptors (epoll(7), level-triggered unless EPOLLET). Closing a descriptor removes it. */
export class Epoll implements Disposable {
  readonly #fd = epollCreate();
  readonly #event = Buffer.alloc(SIZE);
  readonly #events = Buffer.alloc(SIZE * MOST);

  /** Starts waiting for `events` of a descriptor. @throws ErrnoError of epoll_ctl(2) */
  add(fd: number, events: number): void {
    this.#control(EPOLL_CTL_ADD, fd, events);
  }

  /** Stops waiting for a descriptor. @throws ErrnoError of epoll_ctl(2) */
  remove(fd: number): void {
    this.#control(EPOLL_CTL_DEL, fd, 0);
  }

  /** Blocks the thread for at most `timeoutMs`; calls `ready` for each descriptor with an event. */
  wait(timeoutMs: number, ready: (fd: number) => void): void {
    const count = epollWait(this.#fd, this.#events, MOST, timeoutMs);
    for (let i = 0; i < count; i++) {
      ready(this.#events.readInt32LE(i * SIZE + DATA_AT));
    }
  }

  #control(operation: number, fd: number, events: number): void {
    this.#event.writeUInt32LE(events >>> 0, 0);
    this.#event.writeInt32LE(fd, DATA_AT);
    epollCtl(this.#fd, operation, fd, this.#event);
  }

  [Symbol.dispose](): void {
    close(this.#fd);
  }
}
