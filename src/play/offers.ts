import { measuredIn } from '../judge/measured.ts';
import { Observations } from '../judge/observations.ts';
import type { Observation } from '../judge/observation.ts';
import { slackOf, whyRetry } from '../judge/retry.ts';
import type { Measured } from '../remedy/remedy.ts';
import type { History, HistoryEvent, Phase } from '../schema/history.ts';
import type { RunHeader } from '../schema/run-header.ts';
import { HANDS, viewOf, type Offered } from './view.ts';

/** What a remedy’s phases were, and what a person changed besides. */
export interface Tried {
  readonly live?: Offered | undefined;
  readonly fresh?: Offered | undefined;
  /** Changes that were made by hand. */
  readonly byHand?: readonly HistoryEvent[];
}

/** What was offered at a hands-on lab so far, as the judge reads it. */
export class Offers {
  readonly #header: RunHeader;
  readonly #paces: readonly HistoryEvent[];
  readonly #standing: () => readonly HistoryEvent[];
  #baseline: Offered | undefined;
  #fault: Offered | undefined;
  #faultEvents: readonly HistoryEvent[] = [];
  /** The demand on a fresh table without a remedy: what remedies are judged against. */
  #before: Offered | undefined;

  /** @param standing the events of the changes that stand */
  constructor(header: RunHeader, paces: readonly HistoryEvent[], standing: () => readonly HistoryEvent[]) {
    this.#header = header;
    this.#paces = paces;
    this.#standing = standing;
  }

  /** Notes what the lab recorded of making the fault. */
  faultMade(events: readonly HistoryEvent[]): void {
    this.#faultEvents = events;
  }

  /** Notes an offer. The newest of its kind counts. */
  note(offered: Offered): void {
    const { stage } = offered;
    if (stage === 'baseline') this.#baseline = offered;
    if (stage === 'fault') this.#fault = offered;
    if (stage === 'fault' || stage === 'confirm') this.#before = offered;
  }

  /** Whether the symptom's phase was offered, so that a remedy can be judged against it. */
  get confirmed(): boolean {
    return this.#before !== undefined;
  }

  /** Whether the fault was offered to, in a phase that is valid. */
  get faultSeen(): boolean {
    return this.#fault !== undefined && this.observe(this.#fault).invalid === undefined;
  }

  /** What was measured in the symptom's phases; undefined until the fault's was offered. */
  get measured(): Measured | undefined {
    return this.#fault && measuredIn(new Observations(this.history({})));
  }

  /** See slackOf. */
  get slack(): number {
    return slackOf(new Observations(this.history({})));
  }

  /** The history of one remedy that is all that stands. */
  history({ live, fresh, byHand = [] }: Tried): History {
    return viewOf({
      header: this.#header,
      paces: this.#paces,
      baseline: this.#baseline,
      faultEvents: this.#faultEvents,
      fault: this.#fault,
      before: this.#before,
      standing: [...this.#standing(), ...byHand],
      live,
      fresh,
    });
  }

  /** The figures of an offer, and whether it is valid. */
  observe(offered: Offered): Observation {
    const { observations, phase } = this.#seen(offered);
    return observations.of(phase.cycle, phase.stage);
  }

  /** Why an offer has to be made again; undefined where it need not. */
  whyRetry(offered: Offered): ReturnType<typeof whyRetry> {
    const { observations, phase } = this.#seen(offered);
    return whyRetry(observations, phase);
  }

  /** What is observed so far with this offer as the last, and the phase that the offer is there. */
  #seen(offered: Offered): { readonly observations: Observations; readonly phase: Phase } {
    const { stage } = offered;
    const symptom = stage === 'baseline' || stage === 'fault' || stage === 'confirm';
    const as = symptom ? {} : stage === 'live' ? { live: offered } : { fresh: offered };
    const phase = { cycle: symptom ? 'symptom' : HANDS, stage };
    return { observations: new Observations(this.history(as)), phase };
  }
}
