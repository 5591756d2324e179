import type { Change } from '../change/index.ts';
import type { Lab } from '../lab/lab.ts';
import type { Observation } from '../judge/observation.ts';
import type { Measured, Remedy } from '../remedy/remedy.ts';
import { applyFault } from '../run/apply-fault.ts';
import { untilValid } from '../run/observe.ts';
import { outOfReach } from '../run/requirements.ts';
import type { Room } from '../run/room.ts';
import { Pacing } from '../run/pace.ts';
import type { History, HistoryEvent, Phase, Untimed } from '../schema/history.ts';
import { millisecondsSince } from '../util/clock.ts';
import { Offers, type Tried } from './offers.ts';
import { StandingChanges } from './standing-changes.ts';
import { Tap } from './tap.ts';
import { HANDS, type Offered } from './view.ts';
import { squeezeIn } from '../schema/protocol.ts';
import type { RunHeader } from '../schema/run-header.ts';

interface Options {
  readonly header: RunHeader;
  readonly epoch: bigint;
  /** Opens the lab; its events go to `sink`. */
  readonly open: (sink: (event: HistoryEvent) => void) => Promise<Lab>;
  /** The slowest pace wished for; see Plan. */
  readonly pace: number;
  /** Waits `ms`. @throws the signal's reason */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Called for every event when it happens. */
  readonly listen: (event: HistoryEvent) => void;
  /** What the machine has for a larger table. */
  readonly room: Room;
}

/**
 * A lab with the fault in place, at which a person acts: the demand is offered as often as asked, and remedies
 * are applied and undone in any order. One call at a time.
 */
export class HandsOnLab implements AsyncDisposable {
  readonly #options: Options;
  readonly #lab: Lab;
  readonly #tap: Tap;
  readonly #changes: StandingChanges;
  readonly #signal: AbortSignal;
  readonly #pacing: Pacing;
  readonly #offers: Offers;
  #fresh = true;

  private constructor(options: Options, lab: Lab, tap: Tap, pacing: Pacing, signal: AbortSignal) {
    this.#options = options;
    this.#lab = lab;
    this.#tap = tap;
    this.#pacing = pacing;
    this.#signal = signal;
    this.#changes = new StandingChanges(lab, tap.taken);
    this.#offers = new Offers(options.header, tap.taken(), () => this.#changes.events);
  }

  /**
   * Opens the lab, offers the demand once without the fault, and makes the fault.
   *
   * @param say called with each step
   * @throws Error where the lab can't be opened; the signal's reason
   */
  static async open(options: Options, say: (line: string) => void, signal: AbortSignal): Promise<HandsOnLab> {
    const { header, epoch, pace, listen } = options;
    const { protocol } = header;
    const tap = new Tap(listen);
    await using opening = new AsyncDisposableStack();
    const lab = opening.use(await options.open(tap.sink));
    const until = AbortSignal.any([signal, lab.lost]);
    for (const change of protocol.prepare) await lab.apply(change, 'symptom', until);
    tap.taken();
    const note = (event: Untimed): void => {
      tap.sink({ ...event, t: millisecondsSince(epoch) });
    };
    const pacing = await Pacing.measured([lab], { protocol, pace }, note, until);
    const handsOn = new HandsOnLab(options, lab, tap, pacing, until);
    say('the demand is offered once without the fault');
    await handsOn.#valid('baseline');
    say('the fault is made');
    await handsOn.#break();
    opening.move();
    return handsOn;
  }

  get lab(): Lab {
    return this.#lab;
  }

  get header(): RunHeader {
    return this.#options.header;
  }

  /** Waits `ms`. @throws the signal's reason */
  pause(ms: number, signal: AbortSignal): Promise<void> {
    return this.#options.pause(ms, signal);
  }

  /** Whether nothing was offered since the table was last cleared. */
  get fresh(): boolean {
    return this.#fresh;
  }

  /** Names of the remedies that stand, oldest first. */
  get applied(): readonly string[] {
    return this.#changes.names;
  }

  /** Whether the symptom's phase was offered, so that a remedy can be judged against it. */
  get confirmed(): boolean {
    return this.#offers.confirmed;
  }

  async #break(): Promise<void> {
    await this.lab.clear(this.#signal);
    await applyFault(this.lab, this.header.protocol, this.#signal);
    this.#offers.faultMade(this.#tap.taken());
    this.#fresh = true;
  }

  /**
   * Offers the demand to the table as it is: once, or on a fresh table until the phase is valid, with a refill
   * in between.
   */
  async offer(): Promise<Offered> {
    if (!this.#fresh) return this.#offer('live');
    if (this.applied.length > 0) return this.#valid('fresh');
    return this.#valid(this.#offers.faultSeen ? 'confirm' : 'fault');
  }

  /** Offers the demand once, on the table as it is, with whatever stands. */
  offerLive(): Promise<Offered> {
    return this.#offer('live');
  }

  /** Offers the demand on a fresh table until a phase is valid, at half the pace where the machine was too slow. */
  async offerFresh(stage: 'fresh' | 'fault' | 'confirm' = 'fresh'): Promise<Offered> {
    await this.refill();
    return this.#valid(stage);
  }

  async apply(remedy: Remedy): Promise<void> {
    const { protocol, privileged, squeeze } = this.header;
    const { measured } = this;
    const changes = remedy.changes(protocol, measured);
    const refused = outOfReach(changes, { privileged, squeeze }, measured?.limit, this.#options.room);
    if (refused !== undefined) throw new Error(refused);
    await this.make(remedy.name, changes);
  }

  /** Makes changes under a name, all or none. @throws Error where the lab can't */
  make(name: string, changes: readonly Change[]): Promise<void> {
    return this.#changes.apply(name, changes, this.#signal);
  }

  /** @throws NotRestored where it can't be undone */
  async undo(name: string): Promise<void> {
    // Lowering the limit needs room: ballast is put back where the demand’s entries are.
    if (this.#changes.raised.some(([raised]) => raised === name)) {
      await this.lab.clear(this.#signal);
      this.#fresh = true;
    }
    await this.#changes.undo(name);
  }

  /**
   * Clears the table and fills it again with what stands in place. Ballast that somebody deleted by hand is
   * put back, so that an emptied table is no lasting cure.
   */
  async refill(): Promise<void> {
    const { protocol } = this.header;
    await this.lab.clear(this.#signal);
    if (squeezeIn(protocol)) {
      // A raised limit is emulated by fewer ballast entries: without it the squeeze finds its own figure.
      const { raised } = this.#changes;
      for (const [name] of raised.toReversed()) await this.#changes.undo(name);
      await this.lab.apply(protocol.fault, 'symptom', this.#signal);
      for (const [name, changes] of raised) await this.#changes.apply(name, changes, this.#signal);
    }
    this.#fresh = true;
  }

  /** What was measured in the symptom's phases; undefined until the fault's was offered. */
  get measured(): Measured | undefined {
    return this.#offers.measured;
  }

  /** The history of one remedy that is all that stands, as the judge reads it. */
  history(tried: Tried): History {
    return this.#offers.history(tried);
  }

  /** The figures of an offer, and whether it is valid. */
  observe(offered: Offered): Observation {
    return this.#offers.observe(offered);
  }

  #valid(stage: Offered['stage']): Promise<Offered> {
    return untilValid(
      {
        pacing: this.#pacing,
        offer: (pace) => this.#offer(stage, { pace }),
        whyRetry: (offered) => this.#offers.whyRetry(offered),
        pause: this.#options.pause,
        reset: () => (stage === 'baseline' ? this.lab.clear(this.#signal) : this.refill()),
      },
      this.#signal,
    );
  }

  async #offer(
    stage: Offered['stage'],
    { pace }: { readonly pace: number } = this.#pacing,
  ): Promise<Offered> {
    const symptom = stage === 'baseline' || stage === 'fault';
    const phase: Phase = { cycle: symptom ? 'symptom' : HANDS, stage };
    const { slack } = this.#offers;
    // Nobody may change the machine's limit meanwhile.
    await using _ = await this.lab.reserve([], this.#signal);
    this.#tap.taken();
    await this.lab.phase(phase, { pace, slack }, this.#signal);
    this.#fresh = false;
    const offered: Offered = { stage, events: this.#tap.taken() };
    this.#offers.note(offered);
    return offered;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lab[Symbol.asyncDispose]();
  }
}
