/** The value of an option is wrong. A file that gives the same value says `why` at a place of its own. */
export class OptionError extends Error {
  readonly why: string;

  /**
   * @param option as it was typed: `--param rate=5`
   * @param why with the fix
   */
  constructor(option: string, why: string, { cause }: ErrorOptions = {}) {
    super(`${option}: ${why}`, { cause });
    this.why = why;
  }
}
