import { parseIp } from '../../kernel/ipv4.ts';

/** A flow from each of these ports, at each address. */
const FIRST_PORT = 1024;
const PORTS = 65_536 - FIRST_PORT;

/** Addresses that are routed to the clients' pod and assigned to none: a pod's kernel would reset an unexpected SYN-ACK. */
export interface Sources {
  readonly first: string;
  readonly count: number;
}

/** The end of a flow that differs from the others', as numbers. */
export interface FlowEnd {
  readonly ip: number;
  readonly port: number;
}

/** Flows by number, from 0: one from every source at the first port, then at the next. Equal numbers are equal flows. */
export class Flows {
  readonly #first: number;
  readonly #sources: number;
  #taken = 0;

  constructor({ first, count }: Sources) {
    this.#first = parseIp(first);
    this.#sources = count;
  }

  get count(): number {
    return this.#sources * PORTS;
  }

  /**
   * Reserves numbers that follow each other. None comes again before all have been used: a flow that did would meet
   * its old entry.
   *
   * @returns the first
   */
  take(count: number): number {
    if (this.#taken + count > this.count) this.#taken = 0;
    this.#taken += count;
    return this.#taken - count;
  }

  /** @param flow below `count` */
  end(flow: number): FlowEnd {
    return {
      ip: this.#first + (flow % this.#sources),
      port: FIRST_PORT + Math.floor(flow / this.#sources),
    };
  }

  /** The flow with this end; undefined where none has it. */
  numberOf({ ip, port }: FlowEnd): number | undefined {
    const [source, nth] = [ip - this.#first, port - FIRST_PORT];
    return source >= 0 && source < this.#sources && nth >= 0 ? nth * this.#sources + source : undefined;
  }
}
