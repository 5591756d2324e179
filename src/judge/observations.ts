import { figuresOf } from '../figure/compute.ts';
import { Run } from '../history/run.ts';
import type { History, Stage } from '../schema/history.ts';
import { kindOf } from '../load/index.ts';
import type { Observation } from './observation.ts';
import { whyInvalid } from './invalid.ts';
import { sayDemand, sayTable } from './words.ts';
import type { RunHeader } from '../schema/run-header.ts';

/** The observed phases of a run, each computed once. */
export class Observations {
  readonly run: Run;
  readonly #seen = new Map<string, Observation>();

  /** @throws Error where the history has no header */
  constructor(history: History) {
    this.run = new Run(history);
  }

  get header(): RunHeader {
    return this.run.header;
  }

  of(cycle: string, stage: Stage): Observation {
    const key = `${stage} ${cycle}`;
    const seen = this.#seen.get(key) ?? this.#observe(cycle, stage);
    this.#seen.set(key, seen);
    return seen;
  }

  #observe(cycle: string, stage: Stage): Observation {
    const phase = this.run.phase(cycle, stage);
    const { protocol } = this.header;
    const unit = kindOf(protocol.demand).unit;
    const figures = figuresOf(phase, protocol);
    const invalid = whyInvalid(this.run, phase, figures);
    return {
      phase,
      figures,
      account: `${sayDemand(figures, unit, phase.ofType('outcomes'))}; ${sayTable(figures)}`,
      ...(invalid !== undefined && { invalid }),
    };
  }
}
