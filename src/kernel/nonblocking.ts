import koffi from 'koffi';
import { checked, MSG_DONTWAIT, nativeRecv, nativeSend, SOCK_CLOEXEC, SOCK_NONBLOCK } from './libc.ts';

/**
 * The system calls of an HTTP request, about a dozen, all without waiting. The frequent ones return a
 * negative errno instead of throwing: most end with EAGAIN or EINPROGRESS, and an exception costs more than
 * the call.
 */
const library = koffi.load(null);
const native = {
  connect: library.func('int connect(int fd, const void *address, uint32 length)') as (
    fd: number,
    address: Buffer,
    length: number,
  ) => number,
  listen: library.func('int listen(int fd, int backlog)') as (fd: number, backlog: number) => number,
  accept4: library.func('int accept4(int fd, void *address, void *length, int flags)') as (
    fd: number,
    address: null,
    length: null,
    flags: number,
  ) => number,
  read: library.func('int64 read(int fd, void *into, size_t length)') as (
    fd: number,
    into: Buffer,
    length: number,
  ) => number,
  close: library.func('int close(int fd)') as (fd: number) => number,
  getsockopt: library.func('int getsockopt(int fd, int level, int name, void *value, void *length)') as (
    fd: number,
    level: number,
    name: number,
    value: Buffer,
    length: Buffer,
  ) => number,
  eventfd: library.func('int eventfd(unsigned int initial, int flags)') as (
    initial: number,
    flags: number,
  ) => number,
  epoll_create1: library.func('int epoll_create1(int flags)') as (flags: number) => number,
  epoll_ctl: library.func('int epoll_ctl(int epoll, int operation, int fd, void *event)') as (
    epoll: number,
    operation: number,
    fd: number,
    event: Buffer,
  ) => number,
  epoll_wait: library.func('int epoll_wait(int epoll, void *events, int most, int timeout)') as (
    epoll: number,
    events: Buffer,
    most: number,
    timeout: number,
  ) => number,
};

/** Linux's numbers (include/uapi/linux/{eventpoll,socket}.h, asm-generic/{fcntl,socket}.h). */
export const EPOLLIN = 0x1;
export const EPOLLOUT = 0x4;
export const EPOLLET = 0x8000_0000;
export const EPOLL_CTL_ADD = 1;
export const EPOLL_CTL_DEL = 2;
export const SO_LINGER = 13;
const MSG_NOSIGNAL = 0x4000;
const MSG_MORE = 0x8000;

function orErrno(result: number): number {
  return result < 0 ? -koffi.errno() : result;
}

/** connect(2) of a non-blocking socket. @returns 0 or a negative errno, usually -EINPROGRESS */
export function connect(fd: number, address: Buffer): number {
  return orErrno(native.connect(fd, address, address.length));
}

/** accept4(2). @returns a non-blocking descriptor or a negative errno */
export function accept(fd: number): number {
  return orErrno(native.accept4(fd, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

/**
 * send(2) without SIGPIPE.
 *
 * @param last the socket is closed next: the data leaves in one segment with the FIN (MSG_MORE)
 * @returns the bytes taken or a negative errno
 */
export function send(fd: number, data: Buffer, last = false): number {
  const flags = MSG_DONTWAIT | MSG_NOSIGNAL | (last ? MSG_MORE : 0);
  return orErrno(nativeSend(fd, data, data.length, flags));
}

/** recv(2). @returns the bytes read, 0 at the end, or a negative errno */
export function recv(fd: number, into: Buffer): number {
  return orErrno(nativeRecv(fd, into, into.length, MSG_DONTWAIT));
}

/** close(2) of a descriptor unknown to Node. */
export function close(fd: number): void {
  native.close(fd);
}

/** listen(2). @throws ErrnoError */
export function listen(fd: number, backlog: number): void {
  checked('listen', native.listen(fd, backlog));
}

const optionLength = Buffer.alloc(4);

/** getsockopt(2) into a Buffer. @returns the bytes written or a negative errno */
export function getsockopt(fd: number, level: number, name: number, into: Buffer): number {
  optionLength.writeUInt32LE(into.length);
  const result = orErrno(native.getsockopt(fd, level, name, into, optionLength));
  return result < 0 ? result : optionLength.readUInt32LE();
}

/** eventfd(2), non-blocking: a write wakes the waiter. @throws ErrnoError */
export function eventfd(): number {
  return checked('eventfd', native.eventfd(0, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

const eventCount = Buffer.alloc(8);

/** Resets an eventfd until the next write. */
export function clearEvent(fd: number): void {
  native.read(fd, eventCount, eventCount.length);
}

/** epoll_create1(2). @throws ErrnoError */
export function epollCreate(): number {
  return checked('epoll_create1', native.epoll_create1(SOCK_CLOEXEC));
}

/** epoll_ctl(2); `event` is a struct epoll_event. @throws ErrnoError */
export function epollCtl(epoll: number, operation: number, fd: number, event: Buffer): void {
  checked('epoll_ctl', native.epoll_ctl(epoll, operation, fd, event));
}

/** epoll_wait(2); EINTR counts as 0. @returns the number of events in `events` */
export function epollWait(epoll: number, events: Buffer, most: number, timeoutMs: number): number {
  return Math.max(0, native.epoll_wait(epoll, events, most, timeoutMs));
}
