import { release } from 'node:os';
import { jsonText } from '../util/printable.ts';
import type { RestoreReport } from '../guard/restore.ts';
import { judge } from '../judge/judge.ts';
import { manifestLines } from '../judge/manifest.ts';
import { kernelLines, UNATTRIBUTED } from '../judge/kernel-lines.ts';
import type { Verdict } from '../schema/verdict.ts';
import type { KernelLogSlice } from '../kernel/kmsg.ts';
import type { LabEntry, Readiness } from '../lab/entry.ts';
import { allOf, extrasOf, type Extras, type Reporter } from './reporter.ts';
import type { Remedy } from '../remedy/remedy.ts';
import type { ManifestReport } from '../schema/manifest-report.ts';
import type { Environment } from '../scenario/environment.ts';
import type { Protocol } from '../schema/protocol.ts';
import { carryOut } from './carry-out.ts';
import { kernelVersion } from '../util/kernel-version.ts';
import { LogSoFar } from './log-so-far.ts';
import { Recorder } from '../history/recorder.ts';
import { Run } from '../history/run.ts';
import type { Plan, RunSettings } from './plan.ts';
import { readyLab } from './ready-lab.ts';
import { unavailable } from './stops.ts';
import { HEADER_FILE, openRunFolder, type RunFolder, VERDICT_FILE } from '../history/store.ts';
import { oneLine } from '../util/error-text.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** A checked run request. */
export interface RunRequest extends RunSettings {
  readonly scenario: string;
  readonly params: Readonly<Record<string, string>>;
  readonly protocol: (environment: Environment) => Protocol;
  /** The programs that the user’s files bring, a line each. */
  readonly brings?: readonly string[];
  readonly expect: Readonly<Record<string, string>>;
  /** The run's folder; undefined: a new one in `runs`. */
  readonly out: string | undefined;
  readonly argv: readonly string[];
  /** The npm script that started the command. */
  readonly script: string | undefined;
  readonly keepLab: boolean;
}

/** The machine that executes a request. */
export interface Machine {
  readonly lab: LabEntry;
  readonly restoreLeftovers: (signal: AbortSignal) => Promise<RestoreReport>;
  readonly openKernelLog: () => Disposable & { read(): KernelLogSlice };
  /** Waits `ms`. @throws the signal's reason */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly versions: () => Promise<Record<string, string>>;
}

/** The output channels of a run. */
export interface Ui {
  /** Prints a line about the run. Data goes to the reporters. */
  readonly say: (line: string) => void;
  /** Prints a problem that does not stop the run. */
  readonly warn: (line: string) => void;
  /** @param folder the run's folder */
  readonly reporters: (folder: string) => readonly Reporter[];
}

export interface Executed {
  readonly verdict: Verdict;
  readonly code: number;
  /** The error that ended the run early; absent where none did. */
  readonly error?: unknown;
}

/**
 * Executes a request: restores leftovers of killed runs, runs the plan, judges it and writes the verdict.
 *
 * @param signal its reason is an `Interrupted`; the phases so far are judged and written
 * @throws Unavailable where this machine can't run it, or the signal's reason, before there is a run folder
 */
export async function execute(
  request: RunRequest,
  machine: Machine,
  ui: Ui,
  signal: AbortSignal,
): Promise<Executed> {
  const { lab } = machine;
  const { say, warn } = ui;
  const { readiness, left: leftovers } = await readyLab(machine, request.squeeze, ui, signal);
  say(`${readiness.summary}, seed ${String(request.seed)}`);
  say(lab.models);
  const header = headerOf(request, lab, readiness, {
    ...(await machine.versions()),
    ...(await lab.versions()),
  });
  for (const line of request.brings ?? []) say(line);
  for (const [name, report] of Object.entries(header.manifests ?? {}))
    for (const line of manifestLines(report)) say(`${name} ${line}`);
  signal.throwIfAborted();

  using folder = openFolder(request, warn);
  const reporter = allOf(ui.reporters(folder.path), warn);
  using kernelLog = new LogSoFar(machine.openKernelLog(), reporter.log);
  const epoch = process.hrtime.bigint();
  const recorder = new Recorder(epoch, folder, (event) => {
    if (event.type === 'sample') kernelLog.look(event.t);
    reporter.event(event);
  });
  recorder.sink(header);
  const plan = planOf(request, header, lab.atOnce(request.squeeze), epoch);
  const left = [...leftovers];
  const onLeft = (what: string): number => left.push(what);
  const { keepLab } = request;
  const { pause } = machine;
  const ending = await carryOut({ plan, lab, recorder, reporter, say, onLeft, pause, keepLab, signal });
  const { lines: said, unreadable } = kernelLog.whole();
  const since = Number(epoch) / 1e9;
  recorder.now({
    type: 'kernel-log',
    ...(unreadable !== undefined && { unreadable: `${unreadable.why}; ${unreadable.fix}` }),
    ...kernelLines(said, new Run(recorder.history)),
    since,
  });
  recorder.now({ type: 'restore', status: left.length === 0 ? 'complete' : 'incomplete', left });
  recorder.now({ type: 'end', status: ending.status, reason: ending.reason });

  const verdict = judge(recorder.history, folder.path);
  const extras = extrasOf(recorder.history);
  for (const [name, text] of files(verdict, extras)) {
    await folder.write(name, text).catch((error: unknown) => {
      warn(oneLine(error));
    });
  }
  await reporter.end(verdict, extras);
  return {
    verdict,
    code: verdict.outcome.exitCode,
    ...(ending.error !== undefined && { error: ending.error }),
  };
}

/** The files beside the history. */
function files(
  verdict: Verdict,
  { header, kernelLog }: Extras,
): readonly (readonly [name: string, text: string])[] {
  const json = (value: unknown): string => `${jsonText(value)}\n`;
  const { lines, unattributed, unreadable } = kernelLog;
  const others = unattributed.length === 0 ? [] : [`# ${UNATTRIBUTED}:`, ...unattributed];
  const log = unreadable === undefined ? [...lines, ...others] : [`not readable: ${unreadable}`];
  return [
    [VERDICT_FILE, json(verdict)],
    [HEADER_FILE, json(header)],
    ['kernel.log', log.map((line) => `${line}\n`).join('')],
  ];
}

export function planOf(
  settings: RunSettings,
  { protocol, privileged }: Pick<RunHeader, 'protocol' | 'privileged'>,
  labs: number,
  epoch: bigint,
): Plan {
  return { ...settings, protocol, privileged, labs, epoch };
}

/** A protocol that says why a lab can't show it, where it can't. */
export function protocolIn(lab: Pick<LabEntry, 'cannot'>, protocol: Protocol): Protocol {
  const skip = protocol.skip ?? lab.cannot(protocol);
  return { ...protocol, ...(skip !== undefined && { skip }) };
}

/** The first event of a history. */
export function headerOf(
  request: RunRequest,
  lab: LabEntry,
  { privileged }: Readiness,
  versions: Record<string, string>,
): RunHeader {
  const { scenario, params, squeeze, seed, argv, script, expect, control, singlePass } = request;
  const kernel = release();
  const protocol = protocolIn(lab, request.protocol({ kernel: kernelVersion(kernel), squeeze, privileged }));
  return {
    type: 'run',
    t: 0,
    schema: 'tablefull/history/v1',
    scenario,
    params: { ...params },
    protocol,
    control,
    singlePass,
    remedies: request.remedies.map(({ name }) => name),
    ...manifestsOf(request.remedies, protocol),
    expect: { ...expect },
    lab: lab.name,
    squeeze,
    privileged,
    kernel,
    seed,
    startedAt: new Date().toISOString(),
    argv: [...argv],
    ...(script !== undefined && { script }),
    versions: { kernel, ...versions },
  };
}

/** What was made of manifests among the remedies. */
function manifestsOf(
  remedies: readonly Remedy[],
  protocol: Protocol,
): { readonly manifests?: Record<string, ManifestReport> } {
  const reports = remedies.flatMap(({ name, manifest }) =>
    manifest === undefined ? [] : [[name, manifest(protocol)] as const],
  );
  return reports.length === 0 ? {} : { manifests: Object.fromEntries(reports) };
}

function openFolder({ out, scenario }: RunRequest, warn: (line: string) => void): RunFolder {
  try {
    return openRunFolder(out, scenario, warn);
  } catch (error) {
    return unavailable(error);
  }
}
