import { canonical } from '../../scenario/canonical.ts';
import { soundProtocol } from '../../scenario/check.ts';
import type { Scenario } from '../../scenario/define.ts';
import type { Environment } from '../../scenario/environment.ts';
import type { Remedy } from '../../remedy/remedy.ts';
import type { RemedyStatus } from '../../schema/statuses.ts';
import type { SuiteRun } from '../../schema/suite-file.ts';
import { suggestion } from '../../util/nearest.ts';
import type { Problems } from './problems.ts';
import { placeBelow } from '../../scenario/explain-issue.ts';

/** A remedy of a suite: as it is written there, what it is, and the status it must have. */
export interface Tried {
  readonly written: string;
  readonly remedy: Remedy;
  /** Absent: the scenario’s. */
  readonly expected: RemedyStatus | undefined;
}

/** The scenario with a run's thresholds among its expectations. */
export function withThresholds(
  scenario: Scenario,
  { thresholds }: SuiteRun,
  tried: readonly Tried[],
): Scenario {
  if (Object.keys(thresholds).length === 0) return scenario;
  return {
    ...scenario,
    protocol: (params, environment) => {
      const protocol = scenario.protocol(params, environment);
      const expectations = { ...protocol.expectations };
      for (const [written, texts] of Object.entries(thresholds)) {
        const phase = phaseOf(written, tried);
        expectations[phase] = [...new Set([...(expectations[phase] ?? []), ...texts])];
      }
      return canonical({ ...protocol, expectations });
    },
  };
}

/** A threshold’s phase: a remedy may be named as it is written in `remedies`. */
function phaseOf(phase: string, tried: readonly Tried[]): string {
  return tried.find(({ written }) => written === phase)?.remedy.name ?? phase;
}

interface Checking {
  /** With its thresholds. */
  readonly scenario: Scenario;
  readonly run: SuiteRun;
  readonly tried: readonly Tried[];
  readonly params: Readonly<Record<string, string>>;
  readonly environment: Environment;
  /** The built-in remedies. */
  readonly known: readonly string[];
  readonly problems: Problems;
}

/** Adds unknown phases and figures, and thresholds that nothing can meet, to the problems. */
export function checkThresholds({
  scenario,
  run,
  tried,
  params,
  environment,
  known,
  problems,
}: Checking): void {
  const { control, thresholds } = run;
  if (Object.keys(thresholds).length === 0) return;
  const phases = ['baseline', ...(control ? [] : ['fault', ...tried.map(({ remedy }) => remedy.name)])];
  const unknown = Object.keys(thresholds).filter((phase) => !phases.includes(phaseOf(phase, tried)));
  for (const phase of unknown)
    problems.add(`thresholds.${phase}`, `unknown phase ${phase}; ${suggestion(phase, phases)}`);
  if (unknown.length > 0) return;
  const names = [...known, ...tried.map(({ remedy }) => remedy.name)];
  const made = soundProtocol(knowing(scenario, tried), params, environment, names);
  if ('protocol' in made) return;
  for (const { place, why } of made.problems) {
    const written = Object.keys(thresholds).find(
      (each) => placeBelow(`expectations.${phaseOf(each, tried)}`, place) !== undefined,
    );
    if (written !== undefined) problems.add(`thresholds.${written}`, why);
  }
}

/** The scenario with all remedies of the run among its own: expectations may name those. */
function knowing(scenario: Scenario, tried: readonly Tried[]): Scenario {
  return {
    ...scenario,
    protocol: (...given) => {
      const protocol = scenario.protocol(...given);
      const others = tried.filter(({ remedy }) => !(remedy.name in protocol.ownRemedies));
      const remedies = others.map(({ remedy }) => [remedy.name, 'no-effect'] as const);
      return { ...protocol, remedies: { ...protocol.remedies, ...Object.fromEntries(remedies) } };
    },
  };
}
