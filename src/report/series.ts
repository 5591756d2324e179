/** ms that a column of a sparkline stands for. */
const COLUMN = 250;
const STEPS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Values over time, in columns of equal width. */
export class Series {
  readonly #columns: (number | undefined)[] = [];
  readonly #since: number;
  readonly #join: (a: number, b: number) => number;

  /** @param since ms since the run began @param join of the values in one column */
  constructor(since: number, join: (a: number, b: number) => number) {
    this.#since = since;
    this.#join = join;
  }

  add(t: number, value: number): void {
    const column = Math.max(0, Math.floor((t - this.#since) / COLUMN));
    const before = this.#columns[column];
    this.#columns[column] = before === undefined ? value : this.#join(before, value);
  }

  /** The last columns; undefined where nothing was measured. */
  columns(width: number): readonly (number | undefined)[] {
    return Array.from(this.#columns.slice(-width));
  }

  /**
   * The same as one line of text; a blank where nothing was measured.
   *
   * @param most the value of a full column; default: the highest so far
   */
  spark(width: number, most = this.most): string {
    return this.columns(width)
      .map((value) => {
        if (value === undefined) return ' ';
        if (value <= 0 || most <= 0) return STEPS[0];
        const step = Math.min(STEPS.length - 1, Math.floor((value / most) * STEPS.length));
        return STEPS[step] ?? STEPS[0];
      })
      .join('');
  }

  /** The highest value so far; 0 before the first. */
  get most(): number {
    return Math.max(0, ...this.#columns.filter((each) => each !== undefined));
  }
}

export const sum = (a: number, b: number): number => a + b;
