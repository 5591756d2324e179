import { jsonText, printableText } from '../util/printable.ts';
import type { RestoreReport } from '../guard/restore.ts';
import type { Machine } from '../run/execute.ts';
import type { Screen } from '../report/progress.ts';
import type { Remedy } from '../remedy/remedy.ts';
import type { Scenario } from '../scenario/define.ts';
import type { LabEntry } from '../lab/entry.ts';
import type { SignalSource } from './signals.ts';

/** What every verb reads and writes to; nothing of it has to be loaded. */
export interface Io {
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly signals: SignalSource;
  readonly ownVersion: string;
}

/** Everything outside that a verb reads, calls or writes to; tests hand in one of their own. */
export interface World extends Io {
  readonly labs: readonly [LabEntry, ...LabEntry[]];
  readonly scenarios: readonly Scenario[];
  readonly remedies: readonly Remedy[];
  /** May this process change what is global? */
  readonly mayChangeLimit: () => boolean;
  readonly restoreLeftovers: (signal: AbortSignal) => Promise<RestoreReport>;
  readonly openKernelLog: Machine['openKernelLog'];
  readonly pause: Machine['pause'];
  readonly versions: Machine['versions'];
}

/** Data: on stdout. Whatever it stems from, it steers no terminal. */
export function print(io: Io, text: string): void {
  io.stdout.write(`${printableText(text)}\n`);
}

/** Data with our own colours in it; whoever paints sees to the text. */
export function printPainted(io: Io, text: string): void {
  io.stdout.write(`${text}\n`);
}

/** One JSON document on stdout. */
export function printJson(io: Io, document: unknown): void {
  io.stdout.write(`${jsonText(document)}\n`);
}

/** Talk: on stderr. Whatever it stems from, it steers no terminal. */
export function say(io: Io, line: string): void {
  io.stderr.write(`${printableText(line)}\n`);
}
