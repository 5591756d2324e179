import { count } from '../judge/words.ts';
import type { Hands } from '../lab/hands.ts';
import type { HandsOnLab } from '../play/hands-on-lab.ts';
import { wishedMaximum } from './snapshot.ts';
import { oneLine } from '../util/error-text.ts';
import { squeezeIn } from '../schema/protocol.ts';

/** Under this name a limit that was raised by hand stands. */
const RAISED = 'nf_conntrack_max';
/** Entries of the lab's own connections, which are no ballast. */
const OWN_ENTRIES = 500;

/**
 * The limit that a learner set in a shell. The machine's stays: the table gets the room by as many entries of
 * ballast less.
 */
export class LearnersLimit {
  readonly #handsOn: HandsOnLab;
  readonly #hands: Pick<Hands, 'within'>;
  #wished: number | undefined;
  #said: readonly string[] = [];

  constructor(handsOn: HandsOnLab, hands: Pick<Hands, 'within'>) {
    this.#handsOn = handsOn;
    this.#hands = hands;
  }

  /** Gives the table the room that the learner asks for. @returns what to say of it */
  async follow(signal: AbortSignal): Promise<readonly string[]> {
    const { node } = this.#handsOn.header.protocol;
    const wished = await wishedMaximum(this.#hands, node, signal);
    if (wished === this.#wished) return this.#said;
    this.#wished = wished;
    await this.#handsOn.undo(RAISED);
    this.#said = wished === undefined ? [] : await this.#raise(wished);
    return this.#said;
  }

  async #raise(wished: number): Promise<readonly string[]> {
    const { measured, header } = this.#handsOn;
    if (measured === undefined || wished === measured.limit) return [];
    const { limit, free } = measured;
    const text = `${header.protocol.node}: net.netfilter.nf_conntrack_max: ${count(limit)} → ${count(wished)}`;
    if (wished < limit) return [`${text}; a limit below the machine’s own has no effect in this lab`];
    // Where nothing fills the table there is room enough, and no ballast to delete.
    if (squeezeIn(header.protocol) === undefined) return [text];
    const most = limit - free - OWN_ENTRIES;
    const add = Math.min(wished - limit, most);
    try {
      await this.#handsOn.make(RAISED, [{ kind: 'limit', add, emulated: true }]);
    } catch (error) {
      return [`${text}; this lab can’t: ${oneLine(error)}`];
    }
    return [`${text}, emulated: ${count(add)} dummy entries less`];
  }
}
