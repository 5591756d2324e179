import type { Remedy } from '../remedy/remedy.ts';
import type { HistoryEvent } from '../schema/history.ts';
import type { HandsOnLab } from './hands-on-lab.ts';
import { gaugeIn } from './gauge.ts';
import { judgeHands } from './judged.ts';
import { begin, step, type Effect, type Gauge, type Input, type PlayState, type Shown } from './state.ts';
import { oneLine } from '../util/error-text.ts';

/** What a session shows, and what it can't do by itself. */
export interface PlayUi {
  /** Called after every input. */
  show(state: PlayState, input?: Input): void;
  /** Opens a shell, until it is closed. */
  shell(place: string | undefined, signal: AbortSignal): Promise<void>;
}

/** ms. Samples come more often than a terminal is redrawn. */
const GAUGE_MS = 200;

/** Carries out a person's commands on a hands-on lab. */
export class PlaySession {
  readonly #handsOn: HandsOnLab;
  readonly #remedies: readonly Remedy[];
  readonly #ui: PlayUi;
  readonly #stop = new AbortController();
  #state: PlayState;
  #gauged = -Infinity;

  /** @param remedies those that can be applied here */
  constructor(handsOn: HandsOnLab, remedies: readonly Remedy[], ui: PlayUi) {
    this.#handsOn = handsOn;
    this.#remedies = remedies;
    this.#ui = ui;
    this.#state = begin(remedies);
    ui.show(this.#state);
  }

  get state(): PlayState {
    return this.#state;
  }

  /** Aborts when the person ends the session. */
  get ended(): AbortSignal {
    return this.#stop.signal;
  }

  /** @returns once what follows from the input is done */
  async take(input: Input): Promise<void> {
    const { state, effect } = step(this.#state, input);
    this.#state = state;
    this.#ui.show(state, input);
    if (effect === undefined) return;
    try {
      const shown = await this.#carryOut(effect);
      await this.take({
        type: 'done',
        effect,
        fresh: this.#handsOn.fresh,
        ...(shown !== undefined && { shown }),
      });
    } catch (error) {
      if (this.#handsOn.lab.lost.aborted) throw error;
      await this.take({ type: 'failed', effect, reason: oneLine(error) });
    }
  }

  /** Follows the table through a phase. */
  readonly follow = (event: HistoryEvent): void => {
    const gauge = gaugeIn(event, this.#handsOn.header.protocol.node);
    if (gauge === undefined || event.t - this.#gauged < GAUGE_MS) return;
    this.#gauged = event.t;
    this.gauge(gauge);
  };

  gauge(gauge: Gauge): void {
    const input: Input = { type: 'gauge', gauge };
    this.#state = step(this.#state, input).state;
    this.#ui.show(this.#state, input);
  }

  async #carryOut(effect: Effect): Promise<Shown | undefined> {
    const handsOn = this.#handsOn;
    switch (effect.type) {
      case 'quit':
        this.#stop.abort();
        return undefined;
      case 'refill':
        await handsOn.refill();
        return undefined;
      case 'shell':
        await this.#ui.shell(effect.place, this.#stop.signal);
        return undefined;
      case 'undo':
        await handsOn.undo(effect.remedy);
        return undefined;
      case 'apply': {
        const remedy = this.#remedies.find(({ name }) => name === effect.remedy);
        if (remedy !== undefined) await handsOn.apply(remedy);
        return undefined;
      }
      case 'offer':
        return this.#offer();
    }
  }

  async #offer(): Promise<Shown> {
    const handsOn = this.#handsOn;
    const { fresh } = handsOn;
    const applied = [...handsOn.applied];
    const offered = await handsOn.offer();
    const { account, invalid } = handsOn.observe(offered);
    return {
      number: this.#state.shown.length + 1,
      applied,
      fresh,
      account,
      ...(invalid !== undefined && { invalid: invalid.reason }),
      ...(fresh && invalid === undefined && this.#judged(offered)),
    };
  }

  #judged(offered: Parameters<HandsOnLab['observe']>[0]): Pick<Shown, 'status' | 'reason'> {
    const { stage } = offered;
    if (stage === 'fault') {
      const { status, reason } = judgeHands(this.#handsOn.history({})).symptom;
      return { status, reason };
    }
    if (stage !== 'fresh') return {};
    if (!this.#handsOn.confirmed) return { reason: 'to compare: undo the remedy, f, r' };
    const { status, reason } = judgeHands(this.#handsOn.history({ fresh: offered })).hands;
    return { status, reason };
  }
}
