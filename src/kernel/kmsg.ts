import { closeSync, constants, openSync, readSync } from 'node:fs';
import { messageOf } from '../util/error-text.ts';
import { readIfThere } from '../util/read-if-there.ts';
import { isContained } from './container.ts';

const DEVICE = '/dev/kmsg';
const ABOUT_CONNTRACK = /table full|callbacks suppressed|nf_conntrack/;
/** Longest record; a longer one fails the read (PRINTK_MESSAGE_MAX and its escapes). */
const RECORD_BYTES = 8192;

/** Why the log could not be read, and what makes it readable. */
interface Unreadable {
  readonly why: string;
  readonly fix: string;
}

export interface KernelLogSlice {
  readonly lines: string[];
  /** `lines` is then empty. */
  readonly unreadable?: Unreadable;
}

interface LogSettings {
  /** Whether there is a /dev/kmsg. */
  readonly isThere: boolean;
  readonly contained: boolean;
  /** kernel.dmesg_restrict: the log is for CAP_SYSLOG of the machine’s root only. No container has a sysctl of its own. */
  readonly restricted: boolean;
}

/** How the log becomes readable. */
export function fixOf({ isThere, contained, restricted }: LogSettings): string {
  const allow = 'sudo sysctl -w kernel.dmesg_restrict=0';
  if (isThere && !contained) return restricted ? `run as root, or allow it: ${allow}` : 'run as root';
  const start = `start the container with --device ${DEVICE}`;
  return restricted ? `${start}, and on its host: ${allow}` : start;
}

function isRestricted(): boolean {
  return (readIfThere('/proc/sys/kernel/dmesg_restrict') ?? '1').trim() === '1';
}

/**
 * One record of /dev/kmsg as dmesg prints it: `6,1234,98765432,-;text` is `[ 98.765432] text`
 * (Documentation/ABI/testing/dev-kmsg). Indented lines after the text describe a device.
 */
export function parseRecord(record: string): string {
  const [line = ''] = record.split('\n', 1);
  const semicolon = line.indexOf(';');
  const microseconds = Number(line.slice(0, semicolon).split(',')[2]);
  return `[${(microseconds / 1e6).toFixed(6).padStart(12)}] ${line.slice(semicolon + 1)}`;
}

/**
 * The kernel's new messages about conntrack. The log is the machine's: judge/kernel-lines.ts attributes a
 * line.
 */
export class KernelLog implements Disposable {
  #fd: number | undefined;
  readonly #unreadable: Unreadable | undefined;

  private constructor(fd: number | undefined, unreadable: Unreadable | undefined) {
    this.#fd = fd;
    this.#unreadable = unreadable;
  }

  /** Starts at the current end of the log. Never throws: each slice says if the log is unreadable. */
  static open(): KernelLog {
    try {
      const log = new KernelLog(openSync(DEVICE, constants.O_RDONLY | constants.O_NONBLOCK), undefined);
      log.#drain(); // skips old records; Node has no other way to a device file's end
      return log;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const fix = fixOf({ isThere: code !== 'ENOENT', contained: isContained(), restricted: isRestricted() });
      return new KernelLog(undefined, { why: messageOf(error), fix });
    }
  }

  /** Lines about conntrack since the last call, or since opening. Does not wait. */
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
        // EPIPE: records were overwritten before they were read; the next read continues at the oldest left.
        if (code !== 'EPIPE') throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
