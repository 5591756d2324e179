import type { Problem } from '../../scenario/explain-issue.ts';
import { NoScenario } from '../../scenario/located.ts';
import { messageOf } from '../../util/error-text.ts';
import { OptionError } from '../../util/option-error.ts';

/** Problems of one run were found; the rest of it can't be checked. */
export class Stopped extends Error {}

/** The problems of one run of a suite file, by their place. */
export class Problems {
  readonly all: Problem[] = [];
  readonly place: string;

  constructor(place: string) {
    this.place = place;
  }

  add(place: string, why: string): void {
    this.all.push({ place: this.at(place), why });
  }

  at(place: string): string {
    return place === '' ? this.place : `${this.place}.${place}`;
  }

  /** Runs `work`; its error becomes a problem of this place. @throws Stopped */
  async in<T>(place: string, work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof NoScenario) throw error;
      // The words of options mean nothing in a file.
      const why = error instanceof OptionError ? error.why : messageOf(error);
      this.add(place, why);
      throw new Stopped(why, { cause: error });
    }
  }

  /** @throws Stopped where there are problems */
  stop(): void {
    if (this.all.length > 0) throw new Stopped();
  }
}
