import type { Remedy } from '../remedy/remedy.ts';
import { whyNotTried } from '../run/requirements.ts';
import { reachesOut, type Change } from '../change/index.ts';
import { paramValues, type Scenario } from '../scenario/define.ts';
import type { Environment } from '../scenario/environment.ts';
import { kindOf } from '../load/index.ts';
import type { Protocol } from '../schema/protocol.ts';
import { CONTROL, rowName, SYMPTOM, type Cell, type CellStatus } from '../schema/matrix.ts';
import { selection } from './selection.ts';
import { spare, unspared } from './spare.ts';

type Params = Readonly<Record<string, string>>;

/** A scenario with the parameters of one of its rows. */
export interface Row {
  readonly name: string;
  readonly scenario: Scenario;
  /** Is it the scenario’s first row? The others are tried with the remedies that it names. */
  readonly first: boolean;
  /** As the scenario declares the row: what is not a default. */
  readonly given: Params;
  /** Every parameter. */
  readonly params: Params;
  readonly protocol: Protocol;
}

/** One run: a row’s fault with the remedies that apply, or its null control. */
export interface Job {
  readonly row: Row;
  readonly control: boolean;
  readonly remedies: readonly Remedy[];
  /** Its fault is the whole machine’s, from the first phase to the last: no other run may be under way. */
  readonly alone: boolean;
}

/** A matrix, decided to the last cell. */
export interface MatrixPlan {
  readonly rows: readonly Row[];
  /** `symptom`, `control`, and the remedies that some row has a cell for, in the registry’s order. */
  readonly columns: readonly string[];
  /** Cells that need no run, each with the reason. */
  readonly decided: readonly Cell[];
  /** The longest first, so that the last to end is a short one. */
  readonly jobs: readonly Job[];
  /** Every cell there will be, a row after the other, as `cellName` has it. */
  readonly names: readonly string[];
}

export interface Wish {
  readonly scenarios: readonly Scenario[];
  readonly remedies: readonly Remedy[];
  readonly environment: Environment;
  /** What the lab can't show or make, and why; see LabEntry. */
  readonly cannot: (what: Protocol | Change) => string | undefined;
  /** May runs go on side by side? */
  readonly sideBySide: boolean;
  /** The first row of each scenario, and the remedies that it names. */
  readonly quick: boolean;
  readonly only: readonly string[];
  /** Is this cell there already? */
  readonly done: (cell: Pick<Cell, 'scenario' | 'params' | 'remedy'>) => boolean;
}

/** @throws Error in one line naming what is wrong with a scenario’s rows, or with `only` */
export function planMatrix(wish: Wish): MatrixPlan {
  const all = wish.scenarios.flatMap((scenario) => rowsOf(scenario, wish.environment));
  const picked = selection(wish.only, {
    scenarios: wish.scenarios.map(({ name }) => name),
    rows: all.map(({ name }) => name),
    remedies: wish.remedies.map(({ name }) => name),
  });
  const rows = all.filter((row) => {
    const { scenario, name, first } = row;
    return (
      picked.row(scenario.name, name) &&
      (first || !wish.quick || wish.only.some((term) => term.startsWith(name)))
    );
  });
  const plans = rows.map((row) => planRow(row, picked.cell, wish));
  const columns = new Set(plans.flatMap((plan) => plan.columns));
  return {
    rows,
    columns: [SYMPTOM, CONTROL, ...wish.remedies.map(({ name }) => name)].filter((name) => columns.has(name)),
    decided: plans.flatMap(({ decided }) => decided),
    jobs: plans.flatMap(({ jobs }) => jobs).toSorted((a, b) => estimate(b) - estimate(a)),
    names: rows.flatMap(({ name }, i) => plans[i]?.columns.map((column) => `${name} × ${column}`) ?? []),
  };
}

/** About how long a phase lasts beside its demand: the table filled, late answers awaited, all of it undone; seconds. */
const BESIDE = 3;

/** About how many seconds a job takes. */
function estimate(job: Job): number {
  const { demand } = job.row.protocol;
  return phases(job) * (BESIDE + kindOf(demand).seconds(demand));
}

/** How many phases a run has, unless one is retried. */
export function phases({ remedies }: Job): number {
  const [symptom, confirm] = [2, 1];
  return symptom + (remedies.length > 0 ? remedies.length + confirm : 0);
}

function rowsOf(scenario: Scenario, environment: Environment): readonly Row[] {
  return scenario.matrix.map((given, i) => {
    const params = paramValues(scenario.name, scenario.params, given);
    const protocol = scenario.protocol(params, environment);
    return {
      name: rowName({ scenario: scenario.name, params: { ...given } }),
      scenario,
      first: i === 0,
      given,
      params,
      protocol,
    };
  });
}

interface RowPlan {
  readonly columns: readonly string[];
  readonly decided: readonly Cell[];
  readonly jobs: readonly Job[];
}

function planRow(row: Row, wanted: ReturnType<typeof selection>['cell'], wish: Wish): RowPlan {
  const { scenario, name, given, protocol } = row;
  const asked = (column: string): ReturnType<typeof wanted> => wanted(scenario.name, name, column);
  const missing = (remedy: string): boolean =>
    !wish.done({ scenario: scenario.name, params: { ...given }, remedy });
  const remedies = wish.remedies.filter(
    (remedy) =>
      asked(remedy.name) === 'by name' || (asked(remedy.name) === 'yes' && isDue(remedy, row, wish)),
  );
  const control = asked(CONTROL) !== 'no';
  const columns = [SYMPTOM, ...(control ? [CONTROL] : []), ...remedies.map((remedy) => remedy.name)];
  const open = remedies.filter((remedy) => missing(remedy.name));
  const skip = protocol.skip ?? wish.cannot(protocol);
  if (skip !== undefined) {
    return { columns, jobs: [], decided: columns.filter(missing).map((column) => decide(row, column, skip)) };
  }
  const { privileged, squeeze } = wish.environment;
  const alone = reachesOut([protocol.fault], wish.environment);
  // One at a time may change the limit, and meanwhile nobody else can work.
  const sparing = wish.quick && wish.sideBySide && privileged && squeeze === 'ballast' && !alone;
  const why = (remedy: Remedy): string | undefined =>
    whyNotTried(remedy, { protocol, privileged, squeeze }) ??
    (sparing ? unspared(remedy, protocol) : undefined) ??
    remedy
      .changes(protocol)
      .map(wish.cannot)
      .find((reason) => reason !== undefined);
  const reasons = open.map((remedy) => [remedy, why(remedy)] as const);
  const tried = reasons.flatMap(([remedy, reason]) =>
    reason === undefined ? [sparing ? spare(remedy) : remedy] : [],
  );
  return {
    columns,
    decided: reasons.flatMap(([remedy, reason]) =>
      reason === undefined ? [] : [decide(row, remedy.name, reason)],
    ),
    jobs: [
      ...(tried.length > 0 || missing(SYMPTOM) ? [{ row, control: false, remedies: tried, alone }] : []),
      ...(control && missing(CONTROL) ? [{ row, control: true, remedies: [], alone }] : []),
    ],
  };
}

function isDue({ name }: Remedy, { protocol, first }: Row, { quick }: Wish): boolean {
  return (first && !quick) || name in protocol.remedies;
}

function decide({ scenario, given, protocol }: Row, remedy: string, reason: string): Cell {
  const ofRemedy: CellStatus = protocol.remedies[remedy] ?? 'no-effect';
  const expected =
    { [SYMPTOM]: protocol.symptom.expected, [CONTROL]: 'not-reproduced' as const }[remedy] ?? ofRemedy;
  return {
    scenario: scenario.name,
    params: { ...given },
    remedy,
    status: 'skipped',
    expected,
    emulated: false,
    compressed: null,
    reason,
    figures: {},
    run: null,
  };
}
