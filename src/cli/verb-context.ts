import { jsonText, printableText } from '../util/printable.ts';
import type { RestoreReport } from '../guard/restore.ts';
import type { Machine } from '../run/execute.ts';
import type { Screen } from '../report/progress.ts';
import { asTyped } from '../report/rerun.ts';
import type { Remedy } from '../remedy/remedy.ts';
import type { Scenario } from '../scenario/define.ts';
import type { LabEntry } from '../lab/entry.ts';
import { npmScript } from './npm/npm-script.ts';
import type { SignalSource } from './signals.ts';

/** What every verb reads and writes, without loading anything. */
export interface Io {
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly signals: SignalSource;
  readonly ownVersion: string;
}

/** What a verb works with on this machine; tests replace it. */
export interface VerbContext extends Io {
  readonly labs: readonly [LabEntry, ...LabEntry[]];
  readonly scenarios: readonly Scenario[];
  readonly remedies: readonly Remedy[];
  /** Whether this process may change machine-wide settings. */
  readonly mayChangeLimit: () => boolean;
  readonly restoreLeftovers: (signal: AbortSignal) => Promise<RestoreReport>;
  readonly openKernelLog: Machine['openKernelLog'];
  readonly pause: Machine['pause'];
  readonly versions: Machine['versions'];
}

/** Prints a text on stdout, free of terminal escapes, with commands as the reader can type them. */
export function print(io: Io, text: string): void {
  io.stdout.write(`${printableText(asTyped(npmScript(io.env), text))}\n`);
}

/** Prints data with our colours; the caller has cleaned the text. */
export function printPainted(io: Io, text: string): void {
  io.stdout.write(`${text}\n`);
}

/** One JSON document on stdout. */
export function printJson(io: Io, document: unknown): void {
  io.stdout.write(`${jsonText(document)}\n`);
}

/** Prints a message on stderr, likewise. */
export function say(io: Io, line: string): void {
  io.stderr.write(`${printableText(asTyped(npmScript(io.env), line))}\n`);
}

/** `say` for those who know no context. */
export function toStderr(io: Io): (line: string) => void {
  return (line) => {
    say(io, line);
  };
}
