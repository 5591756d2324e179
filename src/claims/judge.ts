import { allHold } from '../judge/expectation.ts';
import { figure } from '../figure/compute.ts';
import { count } from '../judge/words.ts';
import { cellName, type Asked, type Cell, type Matrix } from '../schema/matrix.ts';
import { formatTerm, termsOf } from '../schema/expectation.ts';
import type { Claim, Part } from './claim.ts';

/** The parts of a matrix that claims need. */
export type Witness = Pick<Matrix, 'asked' | 'cells'>;

/** The judgement of one part of a claim. */
export interface JudgedPart {
  readonly part: Part;
  /** undefined: not judged; `reason` says why. */
  readonly holds: boolean | undefined;
  readonly reason: string;
  readonly cell: Cell | undefined;
  /** The options of the cell's matrix. */
  readonly asked: Asked | undefined;
}

export interface JudgedClaim {
  readonly claim: Claim;
  readonly verdict: 'true' | 'partly' | 'false' | 'not judged';
  readonly parts: readonly JudgedPart[];
}

/** Judges a claim by the cells of matrices: each part by the first of its lab's that can; a pure function. */
export function judgeClaim(claim: Claim, witnesses: readonly Witness[]): JudgedClaim {
  const parts = claim.parts.map((part) => judgePart(part, witnesses));
  const told = parts.filter(({ holds }) => holds !== undefined);
  return { claim, parts, verdict: verdictOf(told) };
}

/** All figures that a part uses or shows. */
export function figuresOf({ where = [], show = [], otherwise }: Part): readonly string[] {
  const judged = where.flatMap(termsOf).map(formatTerm);
  const said = [...otherwise.matchAll(PLACE)].map(([, name = '']) => name);
  return [...new Set([...judged, ...show, ...said])];
}

/**
 * The part of a matrix that is enough to judge the claims again.
 *
 * @param matrices those that the claims are judged by, this one among them
 */
export function evidence(claims: readonly Claim[], matrix: Matrix, matrices: readonly Matrix[]): Matrix {
  const wanted = new Map<string, Set<string>>();
  const parts = claims.flatMap((claim) => claim.parts).filter((part) => witnessOf(part, matrices) === matrix);
  for (const part of parts) {
    const names = wanted.get(part.cell) ?? new Set<string>();
    for (const name of figuresOf(part)) names.add(name);
    wanted.set(part.cell, names);
  }
  const cells = matrix.cells.flatMap((cell) => {
    const names = wanted.get(cellName(cell));
    return names === undefined ? [] : [{ ...cell, figures: pick(cell, names) }];
  });
  const { outcome: _, ...rest } = matrix;
  return { ...rest, cells, planned: cells.length };
}

const PLACE = /\{([^}]+)\}/g;

function verdictOf(told: readonly JudgedPart[]): JudgedClaim['verdict'] {
  if (told.length === 0) return 'not judged';
  if (told.every(({ holds }) => holds)) return 'true';
  return told.some(({ holds }) => holds) ? 'partly' : 'false';
}

/** The lab whose matrix has the cell of a part. */
function labOf({ lab }: Part): string {
  return lab ?? 'netns';
}

/** The matrix that a part is judged by: of its lab's, the first that can, else the first. */
function witnessOf<W extends Witness>(part: Part, witnesses: readonly W[]): W | undefined {
  const ofLab = witnesses.filter(({ asked }) => asked.lab === labOf(part));
  return ofLab.find((each) => judgedBy(part, each).holds !== undefined) ?? ofLab[0];
}

function judgePart(part: Part, witnesses: readonly Witness[]): JudgedPart {
  return judgedBy(part, witnessOf(part, witnesses));
}

function judgedBy(part: Part, witness: Witness | undefined): JudgedPart {
  const cell = witness?.cells.find((each) => cellName(each) === part.cell);
  const judged = { part, cell, asked: witness?.asked };
  const untold = (reason: string): JudgedPart => ({ ...judged, holds: undefined, reason });
  if (witness === undefined) return untold(`there is no matrix of the ${labOf(part)} lab`);
  if (cell === undefined) return untold(`the matrix has no cell ${part.cell}`);
  const { status, reason, figures } = cell;
  if (status === 'skipped' || status === 'inconclusive')
    return untold(`${part.cell} was ${status}: ${reason}`);
  const finding = allHold(part.where ?? [], figures, { baseline: baselineOf(figures) });
  if (finding.met === undefined) return untold(`${part.cell}: ${finding.why}`);
  const holds = finding.met && (part.is === undefined || part.is === status);
  return { ...judged, holds, reason: holds ? '' : filled(part.otherwise, cell) };
}

/** A cell has the baseline's figures with a prefix. */
function baselineOf(figures: Cell['figures']): Cell['figures'] {
  const prefix = 'baseline.';
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

function filled(sentence: string, { figures }: Cell): string {
  return sentence.replaceAll(PLACE, (_, name: string) => {
    const value = figure(figures, name);
    return value === undefined ? 'an unknown number of' : count(value);
  });
}

/** Adds 0 for outcomes that did not occur, because `evidence` drops the figure that implies it. */
function pick({ figures }: Cell, names: ReadonlySet<string>): Cell['figures'] {
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const value = figure(figures, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
