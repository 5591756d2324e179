/** A value that a script uses; undefined where only a run would tell. */
export type Text = string | undefined;

/** How a command ended, as far as that follows from its text. */
export interface Ran {
  readonly status: 'ok' | 'failed' | 'unknown';
  /** What it prints; undefined where only a run would tell. */
  readonly out: Text;
  /** `exit`: the script ends here. `return`: the function does. `never`: it waits for ever here. */
  readonly ends?: 'exit' | 'return' | 'never';
}

export const OK: Ran = { status: 'ok', out: '' };
export const FAILED: Ran = { status: 'failed', out: '' };
export const UNKNOWN: Ran = { status: 'unknown', out: undefined };

/** What surrounds a command. */
export interface Surroundings {
  /** The command as it is written, for messages. */
  readonly source: string;
  /** What it reads from standard input. */
  readonly stdin: Text;
  readonly system: System;
  /** Runs other words as a command, in this place unless another is given. */
  readonly run: (words: readonly Text[], place?: Place) => Ran;
  /** Runs a script's text. */
  readonly script: (text: string, args: readonly Text[], place?: Place) => Ran;
  readonly place: Place;
}

/** Where a command runs. `nsenter` and `chroot` move it. */
export interface Place {
  /** Whose network namespace it is in. */
  readonly network: 'node' | 'pod';
  /** Whether it may write below /proc/sys, which is read-only in containers that are not privileged. */
  readonly mayWrite: boolean;
  /** Whether it sees the node's processes, through which it can enter the node's namespaces. */
  readonly seesNode: boolean;
}

/** What a script acts on. */
export interface System {
  /** Sets a sysctl, in either spelling. */
  setSysctl(name: string, value: Text, around: Surroundings): Ran;
  readSysctl(name: string): Text;
  hasSysctl(name: string): boolean;
  writeFile(path: string, content: Text, around: Surroundings, append: boolean): Ran;
  /** @returns undefined where the content is not known */
  readFile(path: string): Text;
  /** The files whose paths match, as one. @returns undefined where one’s content is not known */
  readFiles(paths: RegExp): Text;
  loadNft(text: Text, around: Surroundings): Ran;
  /** Records what was not understood. */
  gap(what: string, why: string): void;
}

/** A program that scripts call. It is never run: this says what it would do. */
export type Program = (args: readonly Text[], around: Surroundings) => Ran;
