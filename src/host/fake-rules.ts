/** The nftables of a host in memory, as far as a lab's rules need. */
export class FakeRules {
  #tables = new Map<string, Map<string, string>>();

  has(table: string): boolean {
    return this.#tables.has(table);
  }

  get size(): number {
    return this.#tables.size;
  }

  /** Close enough to `nft list table` for its readers. */
  text(table: string): string {
    const chains = [...(this.#tables.get(table) ?? [])].map(([name, body]) => `chain ${name} {${body}}`);
    return `table ip ${table} {\n${chains.join('\n')}\n}\n`;
  }

  /** Like `nft -f -`: all of the rules or none. @throws Error where they delete what does not exist */
  load(rules: string): void {
    const before = new Map([...this.#tables].map(([name, chains]) => [name, new Map(chains)]));
    try {
      this.#run(rules);
    } catch (error) {
      this.#tables = before;
      throw error;
    }
  }

  #run(rules: string): void {
    for (let at = 0; at < rules.length;) {
      const line = /^(.*?)(?:\n|$)/.exec(rules.slice(at))?.[1] ?? '';
      const opening = /^\s*table ip (\S+) \{/.exec(line);
      if (opening === null) {
        this.#command(line.trim());
        at += line.length + 1;
        continue;
      }
      const from = at + line.indexOf('{') + 1;
      const end = closing(rules, from);
      this.#table(opening[1] ?? '', rules.slice(from, end));
      at = end + 1;
    }
  }

  #command(line: string): void {
    const [verb, what, , table = '', chain = ''] = line.split(/\s+/);
    const chains = this.#tables.get(table);
    if (verb === 'delete' && what === 'table' && !this.#tables.delete(table))
      throw new Error(`nft: there is no table ${table}`);
    if (what !== 'chain') return;
    if (verb === 'add') {
      if (chains === undefined) throw new Error(`nft: there is no table ${table}`);
      if (!chains.has(chain)) chains.set(chain, '');
      return;
    }
    if (chains?.has(chain) !== true) throw new Error(`nft: there is no chain ${chain} in ${table}`);
    if (verb === 'delete') chains.delete(chain);
    else chains.set(chain, '');
  }

  #table(name: string, body: string): void {
    const chains = this.#tables.get(name) ?? new Map<string, string>();
    this.#tables.set(name, chains);
    for (const match of body.matchAll(/chain (\S+) \{/g)) {
      const from = match.index + match[0].length;
      chains.set(match[1] ?? '', body.slice(from, closing(body, from)));
    }
  }
}

/** Position of the brace that closes the one before `from`. */
function closing(text: string, from: number): number {
  for (let at = from, depth = 1; at < text.length; at++) {
    if (text[at] === '{') depth++;
    if (text[at] === '}' && --depth === 0) return at;
  }
  return text.length;
}
