import { getSystemErrorMessage, getSystemErrorName } from 'node:util';
import koffi from 'koffi';
import { constants } from 'node:os';

/**
 * C library calls that Node lacks, from the library the process is linked with (glibc or musl). Structures
 * are Buffers in the layout of 64-bit little-endian Linux. Calls are synchronous on the calling thread, which
 * setns(2) and sched_setaffinity(2) depend on.
 */
const library = koffi.load(null);
/** A call that moves bytes between a socket and a Buffer. */
type Transfer = ((fd: number, bytes: Buffer, length: number, flags: number) => number) & OnThread;
/** Makes the call on a thread of its own. */
type OnThread = Pick<ReturnType<typeof library.func>, 'async'>;
/** send(2) and recv(2) as they are: a failure is a negative result, and errno. */
export const nativeSend = library.func(
  'int64 send(int fd, const void *data, size_t length, int flags)',
) as Transfer;
export const nativeRecv = library.func(
  'int64 recv(int fd, void *into, size_t length, int flags)',
) as Transfer;
const poll = library.func('int poll(void *descriptors, ulong count, int timeout)');
const native = {
  setns: library.func('int setns(int fd, int kind)') as (fd: number, kind: number) => number,
  socket: library.func('int socket(int domain, int type, int protocol)') as (
    d: number,
    t: number,
    p: number,
  ) => number,
  setsockopt: library.func(
    'int setsockopt(int fd, int level, int name, const void *value, uint32 length)',
  ) as (fd: number, level: number, name: number, value: Buffer, length: number) => number,
  bind: library.func('int bind(int fd, const void *address, uint32 length)') as (
    fd: number,
    address: Buffer,
    length: number,
  ) => number,
  sendto: library.func(
    'int64 sendto(int fd, const void *data, size_t n, int flags, const void *to, uint32 length)',
  ) as (fd: number, data: Buffer, n: number, flags: number, to: Buffer, length: number) => number,
  sendmmsg: library.func('int sendmmsg(int fd, void *messages, unsigned int count, int flags)') as (
    fd: number,
    messages: Buffer,
    count: number,
    flags: number,
  ) => number,
  gettid: library.func('int gettid()') as () => number,
  mount: library.func(
    'int mount(const char *from, const char *to, const char *type, ulong flags, const char *data)',
  ) as (from: string, to: string, type: string, flags: number, data: null) => number,
  if_nametoindex: library.func('unsigned int if_nametoindex(const char *name)') as (name: string) => number,
  sched_getcpu: library.func('int sched_getcpu()') as () => number,
  sched_getaffinity: library.func('int sched_getaffinity(int pid, size_t size, void *mask)') as (
    pid: number,
    size: number,
    mask: Buffer,
  ) => number,
  sched_setaffinity: library.func('int sched_setaffinity(int pid, size_t size, const void *mask)') as (
    pid: number,
    size: number,
    mask: Buffer,
  ) => number,
};

/** Linux's numbers (include/uapi/linux/{sched,socket,in,netlink,mount}.h) for the calls below. */
const CLONE_NEWNET = 0x40000000;
export const AF_INET = 2;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;
export const IPPROTO_RAW = 255;
export const NETLINK_NETFILTER = 12;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_ATTACH_FILTER = 26;
export const SO_RCVBUF = 8;
export const TCP_INFO = 11;
export const TCP_USER_TIMEOUT = 18;
export const MSG_DONTWAIT = 0x40;
export const MS_BIND = 0x1000;

/** A system call that failed: `socket: operation not permitted (EPERM)`. */
export class ErrnoError extends Error {
  /** The errno's name, as in Node's system errors: `EPERM`. */
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;

  constructor(syscall: string, errno: number) {
    super(`${syscall}: ${getSystemErrorMessage(-errno)} (${getSystemErrorName(-errno)})`);
    this.name = 'ErrnoError';
    this.code = getSystemErrorName(-errno);
    this.errno = errno;
    this.syscall = syscall;
  }
}

/** @throws ErrnoError where the result is negative */
export function checked(syscall: string, result: number): number {
  // errno is per thread and lives until its next failing call: read it before anything else runs.
  if (result < 0) throw new ErrnoError(syscall, koffi.errno());
  return result;
}

/** setns(2): moves the calling thread into the network namespace of `fd`. */
export function setns(fd: number): void {
  checked('setns', native.setns(fd, CLONE_NEWNET));
}

/** socket(2). The caller closes the descriptor. */
export function socket(domain: number, type: number, protocol: number): number {
  return checked('socket', native.socket(domain, type, protocol));
}

/** setsockopt(2); a number is passed as an int. */
export function setsockopt(fd: number, level: number, name: number, value: number | Buffer): void {
  const bytes = typeof value === 'number' ? Buffer.alloc(4) : value;
  if (typeof value === 'number') bytes.writeInt32LE(value);
  checked('setsockopt', native.setsockopt(fd, level, name, bytes, bytes.length));
}

/** bind(2); `address` is a whole sockaddr. */
export function bind(fd: number, address: Buffer): void {
  checked('bind', native.bind(fd, address, address.length));
}

/** send(2). @returns bytes taken */
export function send(fd: number, data: Buffer): number {
  return checked('send', nativeSend(fd, data, data.length, 0));
}

/** sendto(2); `to` is a whole sockaddr. @returns bytes taken */
export function sendto(fd: number, data: Buffer, to: Buffer): number {
  return checked('sendto', native.sendto(fd, data, data.length, 0, to, to.length));
}

/** sendmmsg(2); `messages` is an array of struct mmsghdr. @returns messages sent, at least 1 */
export function sendmmsg(fd: number, messages: Buffer, count: number): number {
  return checked('sendmmsg', native.sendmmsg(fd, messages, count, 0));
}

/** recv(2) without waiting. @returns bytes read, or undefined where nothing is pending */
export function recv(fd: number, into: Buffer): number | undefined {
  const result = nativeRecv(fd, into, into.length, MSG_DONTWAIT);
  return result < 0 && koffi.errno() === constants.errno.EAGAIN ? undefined : checked('recv', result);
}

/** send(2) on its own thread, for data that the kernel processes slowly. */
export function sendSlowly(fd: number, data: Buffer): Promise<number> {
  return later('send', nativeSend, fd, data, data.length, 0);
}

/** recv(2) on its own thread; waits for data. */
export function recvSlowly(fd: number, into: Buffer): Promise<number> {
  return later('recv', nativeRecv, fd, into, into.length, 0);
}

/** struct pollfd: the descriptor, 16 bits of requested events, 16 of returned ones. */
const POLLFD = 8;
const POLLIN = 1;

/** poll(2) on its own thread, until a descriptor is readable or the time is up. */
export async function readable(fds: readonly number[], timeoutMs: number): Promise<void> {
  const descriptors = Buffer.alloc(fds.length * POLLFD);
  fds.forEach((fd, i) => {
    descriptors.writeInt32LE(fd, i * POLLFD);
    descriptors.writeInt16LE(POLLIN, i * POLLFD + 4);
  });
  await later('poll', poll, descriptors, fds.length, timeoutMs);
}

/** errno stays on the thread of the call, so the error has only the call's name. */
function later(syscall: string, call: OnThread, ...args: unknown[]): Promise<number> {
  return new Promise((resolve, reject) => {
    call.async(...args, (error: Error | null, result: number) => {
      if (error !== null) reject(error);
      else if (result < 0) reject(new Error(`${syscall} failed`));
      else resolve(result);
    });
  });
}

/** gettid(2): the calling thread's number, as setpriority(2) takes it. */
export function threadId(): number {
  return native.gettid();
}

/** mount(2), in the process's mount namespace. */
export function mount(from: string, to: string, type: string, flags: number): void {
  checked(`mount ${to}`, native.mount(from, to, type, flags, null));
}

/** if_nametoindex(3), in the calling thread's network namespace. */
export function ifNameToIndex(name: string): number {
  const index = native.if_nametoindex(name);
  if (index === 0) throw new ErrnoError(`if_nametoindex ${name}`, koffi.errno());
  return index;
}

/** sched_getcpu(3): the calling thread's CPU. */
export function schedGetCpu(): number {
  return checked('sched_getcpu', native.sched_getcpu());
}

/** sched_getaffinity(2) of the calling thread: one bit per allowed CPU. */
export function schedGetAffinity(): Buffer {
  const mask = Buffer.alloc(1024); // 8,192 CPUs, the most that Linux supports
  checked('sched_getaffinity', native.sched_getaffinity(0, mask.length, mask));
  return mask;
}

/** sched_setaffinity(2) of the calling thread. */
export function schedSetAffinity(mask: Buffer): void {
  checked('sched_setaffinity', native.sched_setaffinity(0, mask.length, mask));
}

/** A Buffer's address, for a pointer in another structure; keep the Buffer alive as long. */
export function addressOf(buffer: Buffer): bigint {
  return koffi.address(buffer);
}
