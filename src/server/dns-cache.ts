import type { Packet } from 'dns-packet';

/** Seconds, as in NodeLocal DNSCache's Corefile: `success 9984 30`, `denial 9984 5`. */
const SUCCESS_TTL = 30;
const DENIAL_TTL = 5;
const RCODE = 0xf;
const SERVFAIL = 2;
const NXDOMAIN = 3;

/** Caches answers for their TTL; a miss asks `ask`. */
export class DnsCache {
  queries = 0;
  misses = 0;
  readonly #kept = new Map<string, { readonly answer: Packet; readonly until: number }>();
  readonly #ask: (query: Packet) => Promise<Packet>;
  readonly #now: () => number;

  /** @param now ms */
  constructor(ask: (query: Packet) => Promise<Packet>, now: () => number = () => performance.now()) {
    this.#ask = ask;
    this.#now = now;
  }

  /** Never rejects: failures become SERVFAIL. */
  async answer(query: Packet): Promise<Packet> {
    this.queries++;
    const question = query.questions?.[0];
    const key = `${question?.name.toLowerCase() ?? ''} ${question?.type ?? ''}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > this.#now()) return inReplyTo(query, kept.answer);
    this.misses++;
    const answer = await this.#ask(query).catch(() => undefined);
    if (answer === undefined) return inReplyTo(query, { type: 'response', flags: SERVFAIL });
    this.#kept.set(key, { answer, until: this.#now() + lifeOf(answer) * 1000 });
    return inReplyTo(query, answer);
  }
}

/** How long an answer is kept, s. Empty answers and NXDOMAIN are denials; other failures are not kept. */
function lifeOf({ flags = 0, answers = [] }: Packet): number {
  const code = flags & RCODE;
  if (code !== 0 && code !== NXDOMAIN) return 0;
  const ttls = answers.flatMap((record) => ('ttl' in record && record.ttl !== undefined ? [record.ttl] : []));
  return answers.length === 0 ? DENIAL_TTL : Math.min(SUCCESS_TTL, ...ttls);
}

function inReplyTo({ id, questions = [] }: Packet, answer: Packet): Packet {
  return { ...answer, ...(id !== undefined && { id }), questions };
}
