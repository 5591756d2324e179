import { phasesOf } from '../run/phases-of.ts';
import { ownRemedies } from '../remedy/own.ts';
import type { Remedy } from '../remedy/remedy.ts';
import { refusal, whyNotTried } from '../run/requirements.ts';
import { reachesOut, type Change } from '../change/index.ts';
import { paramValues, type Scenario } from '../scenario/define.ts';
import type { Environment } from '../scenario/environment.ts';
import { kindOf } from '../load/index.ts';
import { squeezeIn, type Protocol } from '../schema/protocol.ts';
import { CONTROL, rowName, SYMPTOM, type Cell, type CellStatus } from '../schema/matrix.ts';
import { isFound, refuseUseless, type Given, type GivenOf } from './given.ts';
import { selection } from './selection.ts';
import { spare, unspared } from './spare.ts';

type Params = Readonly<Record<string, string>>;

/** A scenario with the parameters of one of its rows. */
export interface Row {
  readonly name: string;
  readonly scenario: Scenario;
  /** Whether it is the scenario’s first row. Others are tried only with the remedies that the scenario names. */
  readonly first: boolean;
  /** The parameters that the row declares; others have defaults. */
  readonly given: Params;
  /** Every parameter. */
  readonly params: Params;
  readonly protocol: Protocol;
  /** Remedies that the user gave, to try instead of all. */
  readonly offered: readonly Given[] | undefined;
}

/** One run: a row’s fault with the remedies that apply, or its control. */
export interface Job {
  readonly row: Row;
  readonly control: boolean;
  readonly remedies: readonly Remedy[];
  /** Those that the user gave, by name. */
  readonly given: ReadonlyMap<string, Given>;
  /** Its fault changes machine-wide settings: no other run may be active. */
  readonly alone: boolean;
}

/** A fully decided matrix. */
export interface MatrixPlan {
  readonly rows: readonly Row[];
  /** `symptom`, `control`, and all remedies with a cell: the registry’s, in its order, then the scenarios’ own. */
  readonly columns: readonly string[];
  /** Cells decided without a run, with the reason. */
  readonly decided: readonly Cell[];
  /** Those that fill a table first. Of these, and of the others, the longest first, so that a short one ends last. */
  readonly jobs: readonly Job[];
  /** The `cellName` of every planned cell, row by row. */
  readonly names: readonly string[];
}

export interface MatrixRequest {
  readonly scenarios: readonly Scenario[];
  readonly remedies: readonly Remedy[];
  /** Remedies to try in each row instead of all. */
  readonly given?: GivenOf | undefined;
  readonly environment: Environment;
  /** Why the lab can't run something; see LabEntry. */
  readonly cannot: (what: Protocol | Change) => string | undefined;
  /** Whether runs may run side by side. */
  readonly sideBySide: boolean;
  /** Only the first row of each scenario, with the remedies it names. */
  readonly quick: boolean;
  readonly only: readonly string[];
  /** Whether the cell is finished already. */
  readonly done: (cell: Pick<Cell, 'scenario' | 'params' | 'remedy'>) => boolean;
}

/** @throws Error in one line naming what is wrong with a scenario’s rows, with `only`, or with a given remedy */
export function planMatrix(request: MatrixRequest): MatrixPlan {
  const all = request.scenarios.flatMap((scenario) => rowsOf(scenario, request));
  const remedies = namesOf(all, request.remedies);
  const picked = selection(request.only, {
    scenarios: request.scenarios.map(({ name }) => name),
    rows: all.map(({ name }) => name),
    remedies,
  });
  const rows = all.filter((row) => {
    const { scenario, name, first } = row;
    return picked.row(scenario.name, name) && (first || !request.quick || picked.isNamed(name));
  });
  refuseUseless(rows.map(({ offered = [] }) => offered));
  const plans = rows.map((row) => planRow(row, picked.cell, request));
  const columns = new Set(plans.flatMap((plan) => plan.columns));
  return {
    rows,
    columns: [SYMPTOM, CONTROL, ...remedies].filter((name) => columns.has(name)),
    decided: plans.flatMap(({ decided }) => decided),
    jobs: plans.flatMap(({ jobs }) => jobs).toSorted(inOrder),
    names: rows.flatMap(({ name }, i) => plans[i]?.columns.map((column) => `${name} × ${column}`) ?? []),
  };
}

/** The remedies that the matrix may have, in the order of its columns. */
function namesOf(rows: readonly Row[], remedies: readonly Remedy[]): readonly string[] {
  const offered = rows.flatMap((row) => row.offered ?? []);
  if (rows.some((row) => row.offered !== undefined)) return [...new Set(offered.map(({ name }) => name))];
  const own = rows.flatMap(({ protocol }) => Object.keys(protocol.ownRemedies));
  return [...new Set([...remedies.map(({ name }) => name), ...own])];
}

/**
 * The kernel has one hash for the tables of all namespaces, and walks all of it where an address or a link goes: a
 * walk takes 2 ms, with the full tables of three runs 200 ms, and flushes wait for it (nf_ct_iterate_cleanup). So
 * runs that fill a table are not beside those that change pods.
 */
function inOrder(a: Job, b: Job): number {
  return Number(fillsTable(b)) - Number(fillsTable(a)) || estimate(b) - estimate(a);
}

function fillsTable({ row, control }: Job): boolean {
  return !control && squeezeIn(row.protocol) !== undefined;
}

/** s. Estimated time of a phase beside its demand: filling the table, waiting for late answers, undoing. */
const BESIDE = 3;

/** Estimated seconds of a job. */
function estimate(job: Job): number {
  const { demand } = job.row.protocol;
  return phases(job) * (BESIDE + kindOf(demand).seconds(demand));
}

/** The number of phases of a run without retries. */
export function phases({ remedies }: Job): number {
  return phasesOf({ remedies, control: false, singlePass: true });
}

function rowsOf(scenario: Scenario, { environment, given: offer }: MatrixRequest): readonly Row[] {
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
      offered: offer?.(protocol),
    };
  });
}

interface RowPlan {
  readonly columns: readonly string[];
  readonly decided: readonly Cell[];
  readonly jobs: readonly Job[];
}

function planRow(row: Row, wanted: ReturnType<typeof selection>['cell'], request: MatrixRequest): RowPlan {
  const { scenario, name, given: params, protocol, offered } = row;
  const asked: Asked = (column) => wanted(scenario.name, name, column);
  const missing = (remedy: string): boolean =>
    !request.done({ scenario: scenario.name, params: { ...params }, remedy });
  const given = new Map(offered?.flatMap((each) => (asked(each.name) === 'no' ? [] : [[each.name, each]])));
  const candidates: readonly Candidate[] =
    offered === undefined
      ? dueRemedies(row, asked, request).map((found) => ({ name: found.name, found }))
      : [...given.values()];
  const control = asked(CONTROL) !== 'no';
  const columns = [SYMPTOM, ...(control ? [CONTROL] : []), ...candidates.map((each) => each.name)];
  const open = candidates.filter((each) => missing(each.name));
  const decided = (column: string, reason: string): Cell =>
    decide(row, column, reason, given.get(column)?.known !== false);
  const skip = protocol.skip ?? request.cannot(protocol);
  if (skip !== undefined)
    return { columns, jobs: [], decided: columns.filter(missing).map((column) => decided(column, skip)) };
  const { privileged, squeeze } = request.environment;
  const alone = reachesOut([protocol.fault], request.environment);
  // While a run changes the limit, no other can run.
  const sparing = request.quick && request.sideBySide && privileged && squeeze === 'ballast' && !alone;
  const why = (remedy: Remedy): string | undefined =>
    whyNotTried(remedy, { protocol, privileged, squeeze }) ??
    (sparing ? unspared(remedy, protocol) : undefined) ??
    refusal(remedy.changes(protocol), request.cannot);
  const reasons = open.map(({ name: column, found }) => ({
    column,
    found,
    reason: isFound(found) ? why(found) : found.reason,
  }));
  const tried = reasons.flatMap(({ found, reason }) =>
    reason === undefined && isFound(found) ? [sparing ? spare(found) : found] : [],
  );
  return {
    columns,
    decided: reasons.flatMap(({ column, reason }) => (reason === undefined ? [] : [decided(column, reason)])),
    jobs: [
      ...(tried.length > 0 || missing(SYMPTOM)
        ? [{ row, control: false, remedies: tried, given, alone }]
        : []),
      ...(control && missing(CONTROL) ? [{ row, control: true, remedies: [], given, alone }] : []),
    ],
  };
}

type Asked = (column: string) => ReturnType<ReturnType<typeof selection>['cell']>;

/** A remedy that a row may try. */
type Candidate = Pick<Given, 'name' | 'found'>;

/** The remedies of the registry and of the scenario that are due in a row. */
function dueRemedies(row: Row, asked: Asked, request: MatrixRequest): readonly Remedy[] {
  return [
    ...request.remedies.filter(
      ({ name }) => asked(name) === 'by name' || (asked(name) === 'yes' && isDue(name, row, request)),
    ),
    ...ownRemedies(row.protocol).filter(({ name }) => asked(name) !== 'no'),
  ];
}

function isDue(name: string, { protocol, first }: Row, { quick }: MatrixRequest): boolean {
  return (first && !quick) || name in protocol.remedies;
}

/** @param known whether a status is expected of it */
function decide({ scenario, given, protocol }: Row, remedy: string, reason: string, known: boolean): Cell {
  const ofRemedy: CellStatus =
    protocol.ownRemedies[remedy]?.expected ?? protocol.remedies[remedy] ?? 'no-effect';
  const expected =
    { [SYMPTOM]: protocol.symptom.expected, [CONTROL]: 'not-reproduced' as const }[remedy] ?? ofRemedy;
  return {
    scenario: scenario.name,
    params: { ...given },
    remedy,
    status: 'skipped',
    expected: known ? expected : null,
    emulated: false,
    compressed: null,
    reason,
    figures: {},
    run: null,
  };
}
