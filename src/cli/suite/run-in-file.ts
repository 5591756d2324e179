import { dirname, join } from 'node:path';
import type { Squeeze } from '../../change/squeezes.ts';
import { isPath } from '../../scenario/loader.ts';
import type { SuiteRun } from '../../schema/suite-file.ts';
import type { LocatedSuite } from '../../suite/suite-file.ts';

/** A run as its suite’s file has it: what it is called, where, and what it has of the suite. */
export class RunInFile {
  readonly #located: LocatedSuite;
  readonly #run: SuiteRun;

  constructor(located: LocatedSuite, run: SuiteRun) {
    this.#located = located;
    this.#run = run;
  }

  /** `name`, or the scenario with what is particular of the run. */
  get name(): string {
    const { name, scenario, params, control, lab } = this.#run;
    const given = Object.entries(params).map(([key, value]) => `${key}=${value}`);
    const own = this.#hasOwnLab && lab !== undefined ? [`in ${lab}`] : [];
    return name ?? [scenario, ...given, ...(control ? ['(control)'] : []), ...own].join(' ');
  }

  /** The scenario as `tablefull run` names it. */
  get named(): string {
    const { scenario } = this.#run;
    return isPath(scenario) ? this.beside(scenario) : scenario;
  }

  /** Paths of a suite are relative to its file. */
  beside(path: string): string {
    return join(dirname(this.#located.file), path);
  }

  /** The lab that the file names; undefined: that of the command. */
  get lab(): string | undefined {
    return this.#run.lab ?? this.#located.suite.lab;
  }

  /** The suite’s cluster is one of the suite’s lab. */
  get reuse(): string | undefined {
    return this.#run.reuse ?? (this.#hasOwnLab ? undefined : this.#located.suite.reuse);
  }

  /** So is its squeeze; undefined: the lab’s. */
  get squeeze(): Squeeze | undefined {
    return this.#run.squeeze ?? (this.#hasOwnLab ? undefined : this.#located.suite.squeeze);
  }

  get #hasOwnLab(): boolean {
    const { lab } = this.#run;
    return lab !== undefined && lab !== this.#located.suite.lab;
  }
}
