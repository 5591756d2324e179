import { numberOf } from '../../../agent/asked.ts';
import { EVERY_NODE } from '../../../change/index.ts';
import { settled } from '../../../util/settled.ts';
import type { NodeAsk } from '../agent-rpc.ts';
import type { AgentLink } from './agents.ts';

/** An agent as the harness uses it. */
export type NodeLink = Pick<AgentLink, 'node' | 'lost' | 'ask'>;

/** The agents of a run, one per node of the scenario. */
export class NodeAgents {
  #links: readonly NodeLink[] = [];

  /** Registers the deployed agents. */
  are(links: readonly NodeLink[]): void {
    this.#links = links;
  }

  /** Aborts when any of them is gone. */
  get lost(): AbortSignal {
    return AbortSignal.any(this.#links.map(({ lost }) => lost));
  }

  /** @throws Error where there is none on that node */
  on(node: string): NodeLink {
    const agent = this.#links.find((each) => each.node === node);
    if (agent === undefined) throw new Error(`there is no agent on ${node}`);
    return agent;
  }

  /** @throws Error where there are none on these nodes */
  among(nodes: readonly string[]): readonly NodeLink[] {
    const among = this.#links.filter(({ node }) => nodes.includes(EVERY_NODE) || nodes.includes(node));
    const there = this.#links.map(({ node }) => node).join(', ');
    if (among.length === 0) throw new Error(`there is no node ${nodes.join(', ')}: use ${there}`);
    return among;
  }

  /** Sends every agent a request that a number answers. */
  numbers(request: NodeAsk, signal: AbortSignal): Promise<readonly number[]> {
    return settled(this.#links.map((agent) => numberOf(agent.ask(request, signal))));
  }

  get every(): readonly NodeLink[] {
    return this.#links;
  }

  /** Sends a request to every agent concurrently. @returns or throws once all have responded */
  async all(request: NodeAsk, signal: AbortSignal): Promise<void> {
    await settled(this.#links.map((agent) => agent.ask(request, signal)));
  }
}
