import type { Trace } from '../../host/traced.ts';

/** Writes a line of a dry run: `[where] command`. */
export type Write = (line: string) => void;

/** Turns a trace into lines of a dry run. Consecutive hosts with the same commands share a line. */
export class Written {
  readonly #write: Write;
  #last: { readonly hosts: string[]; readonly lines: readonly string[] } | undefined;

  constructor(write: Write) {
    this.#write = write;
  }

  readonly trace: Trace = (host, ...lines) => {
    const last = this.#last;
    const isSame = last?.lines.length === lines.length && last.lines.every((line, i) => line === lines[i]);
    if (isSame && !last.hosts.includes(host)) {
      last.hosts.push(host);
      return;
    }
    this.flush();
    this.#last = { hosts: [host], lines };
  };

  /** Writes a line that is not a command. */
  remark(line: string): void {
    this.flush();
    this.#write(line);
  }

  /** Writes the line held back for further hosts. */
  flush(): void {
    const { hosts = [], lines = [] } = this.#last ?? {};
    for (const line of lines) this.#write(`[${hosts.join(' ')}] ${line}`);
    this.#last = undefined;
  }
}
