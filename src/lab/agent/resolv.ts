import { mkdirSync, writeFileSync } from 'node:fs';
import type { Topology } from '../../scenario/topology.ts';

type ResolverSettings = NonNullable<Topology['resolver']>;

/** The text of a pod's resolv.conf, as the kubelet writes it for dnsPolicy ClusterFirst. */
export function resolvConf({ search, options }: ResolverSettings, nameserver: string): string {
  return `nameserver ${nameserver}\nsearch ${search.join(' ')}\noptions ${options.join(' ')}\n`;
}

/** Options with others put in: one of the same name is replaced, `ndots:2` for `ndots:5`. */
export function withOptions(options: readonly string[], more: readonly string[]): string[] {
  const names = new Set(more.map(optionName));
  return [...options.filter((option) => !names.has(optionName(option))), ...more];
}

function optionName(option: string): string {
  return option.split(':')[0] ?? option;
}

/**
 * The files that a pod's processes see in /etc. They are written in place, never renamed: a bind mount stays on
 * the file it was made of, and the C library (glibc 2.26 and later) reads resolv.conf again when it has changed.
 */
export class ResolverFiles {
  readonly folder = '/run/pods';
  #options: readonly string[];
  #nameserver: string;
  readonly #search: readonly string[];

  constructor(settings: ResolverSettings, nameserver: string) {
    this.#nameserver = nameserver;
    this.#options = settings.options;
    this.#search = settings.search;
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(`${this.folder}/nsswitch.conf`, 'hosts: files dns\n');
    writeFileSync(`${this.folder}/hosts`, '127.0.0.1 localhost\n');
    this.set(this.#options);
  }

  get options(): readonly string[] {
    return this.#options;
  }

  get nameserver(): string {
    return this.#nameserver;
  }

  set nameserver(ip: string) {
    this.#nameserver = ip;
    this.set(this.#options);
  }

  set(options: readonly string[]): void {
    this.#options = options;
    const settings = { search: [...this.#search], options: [...options] };
    writeFileSync(`${this.folder}/resolv.conf`, resolvConf(settings, this.#nameserver));
  }
}
