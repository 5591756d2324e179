import { closeSync, constants, openSync, readSync } from 'node:fs';

const DEVICE = '/dev/kmsg';
const ABOUT_CONNTRACK = /table full|callbacks suppressed|nf_conntrack/;
/** A record is no longer than this, or the read fails (PRINTK_MESSAGE_MAX and the escapes in it). */
const RECORD_BYTES = 8192;

/** The shape of the history's `kernel-log` event. */
export interface KernelLogSlice {
  readonly lines: string[];
  /** Why the log could not be read; `lines` is then empty. */
  readonly unreadable?: string;
}

/**
 * One record of /dev/kmsg as dmesg prints it: `6,1234,98765432,-;text` is `[   98.765432] text`
 * (Documentation/ABI/testing/dev-kmsg). The indented lines after the text describe a device.
 */
export function parseRecord(record: string): string {
  const [line = ''] = record.split('\n', 1);
  const semicolon = line.indexOf(';');
  const microseconds = Number(line.slice(0, semicolon).split(',')[2]);
  return `[${(microseconds / 1e6).toFixed(6).padStart(12)}] ${line.slice(semicolon + 1)}`;
}

/** What the kernel says about conntrack from now on. It is the machine's log: judge/kernel-lines.ts tells whose a line is. */
export class KernelLog implements Disposable {
  #fd: number | undefined;
  readonly #unreadable: string | undefined;

  private constructor(fd: number | undefined, unreadable: string | undefined) {
    this.#fd = fd;
    this.#unreadable = unreadable;
  }

  /** Remembers where the log ends now. Never throws: a log that cannot be read says so in each slice. */
  static open(): KernelLog {
    try {
      const log = new KernelLog(openSync(DEVICE, constants.O_RDONLY | constants.O_NONBLOCK), undefined);
      log.#drain(); // all that was there before; a device file has no other way to its end in Node
      return log;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return new KernelLog(undefined, `${reason}; run as root, or allow it: sysctl kernel.dmesg_restrict=0`);
    }
  }

  /** The lines about conntrack since the last call, or since opening. Does not wait. */
  read(): KernelLogSlice {
    if (this.#unreadable !== undefined) return { lines: [], unreadable: this.#unreadable };
    return { lines: this.#drain().filter((line) => ABOUT_CONNTRACK.test(line)) };
  }

  #drain(): string[] {
    const lines: string[] = [];
    if (this.#fd === undefined) return lines;
    const record = Buffer.allocUnsafe(RECORD_BYTES);
    for (;;) {
      try {
        lines.push(parseRecord(record.toString('utf8', 0, readSync(this.#fd, record))));
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === 'EAGAIN') return lines;
        // EPIPE: records were overwritten before they were read; the next read goes on at the oldest that is left.
        if (code !== 'EPIPE') throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
