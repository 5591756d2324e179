import { gaugeIn, readGauge } from '../../play/gauge.ts';
import type { Gauge } from '../../play/state.ts';
import type { HistoryEvent } from '../../schema/history.ts';
import type { OpenLesson } from '../open-lesson.ts';
import { memoryOf } from './memory.ts';

/** ms. Samples of a phase come more often than pages are drawn. */
const GAUGE_MS = 500;

/** What is seen of a lab from outside: its table, and its memory. */
export class LabWatch {
  readonly #changed: () => void;
  #lab: OpenLesson | undefined;
  #gauge: Gauge | undefined;
  #gauged = -Infinity;
  #memory: number | undefined;

  /** @param changed called when there is a new figure */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Watches another lab, or none. */
  watch(lab: OpenLesson | undefined): void {
    this.#lab = lab;
    this.#gauge = undefined;
    this.#gauged = -Infinity;
    this.#memory = undefined;
  }

  get gauge(): Gauge | undefined {
    return this.#gauge;
  }

  /** Bytes. */
  get memory(): number | undefined {
    return this.#memory;
  }

  /** Follows the table through a phase. */
  follow(event: HistoryEvent): void {
    const node = this.#lab?.begun.handsOn.header.protocol.node;
    const gauge = gaugeIn(event, node);
    if (gauge === undefined || event.t - this.#gauged < GAUGE_MS) return;
    this.#gauged = event.t;
    this.#gauge = gauge;
    this.#changed();
  }

  /** Reads the table, where no phase does. */
  async look(signal: AbortSignal): Promise<void> {
    const lab = this.#lab;
    if (lab === undefined) return;
    const { node } = lab.begun.handsOn.header.protocol;
    const gauge = await readGauge(lab.hands, node, signal).catch(() => undefined);
    if (gauge === undefined || this.#lab !== lab) return;
    this.#gauge = gauge;
    this.#changed();
  }

  /** Reads the lab’s memory, and its table. */
  async measure(signal: AbortSignal): Promise<void> {
    if (this.#lab === undefined) return;
    this.#memory = memoryOf(this.#lab.hands.pid);
    await this.look(signal);
  }
}
