import { mkdirSync, writeFileSync } from 'node:fs';
import type { Topology } from '../schema/topology.ts';
import type { Done } from '../change/done.ts';
import { restorable } from '../change/restorable.ts';
import type { PodFiles } from './agent-environment.ts';

type ResolverSettings = NonNullable<Topology['resolver']>;

/** A pod's resolv.conf as the kubelet writes it for dnsPolicy ClusterFirst. */
function resolvConf({ search, options }: ResolverSettings, nameserver: string): string {
  return `nameserver ${nameserver}\nsearch ${search.join(' ')}\noptions ${options.join(' ')}\n`;
}

/** Adds options, replacing those of the same name: `ndots:2` for `ndots:5`. */
export function withOptions(options: readonly string[], more: readonly string[]): string[] {
  const names = new Set(more.map(optionName));
  return [...options.filter((option) => !names.has(optionName(option))), ...more];
}

function optionName(option: string): string {
  return option.split(':')[0] ?? option;
}

/** Folder of the files that the pods' resolvers read. */
export const POD_FILES = '/run/pods';

/** Writes the files that are the same in every pod. */
export function writeStaticFiles(): void {
  mkdirSync(POD_FILES, { recursive: true });
  writeFileSync(`${POD_FILES}/nsswitch.conf`, 'hosts: files dns\n');
  writeFileSync(`${POD_FILES}/hosts`, '127.0.0.1 localhost\n');
}

export function writeResolvConf(text: string): void {
  writeFileSync(`${POD_FILES}/resolv.conf`, text);
}

/**
 * The files that a pod's processes see in /etc. They are rewritten in place, because a bind mount stays on
 * its original file. The C library (glibc 2.26 and later) rereads resolv.conf when it changes.
 */
export class ResolverFiles implements PodFiles {
  readonly folder = POD_FILES;
  #options: readonly string[];
  #nameserver: string;
  readonly #search: readonly string[];
  readonly #write: (text: string) => void;

  /** @param write puts the text where the pods read it */
  constructor(settings: ResolverSettings, nameserver: string, write: (text: string) => void) {
    this.#write = write;
    this.#nameserver = nameserver;
    this.#options = settings.options;
    this.#search = settings.search;
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
    this.#write(resolvConf(settings, this.#nameserver));
  }

  apply({ options }: { readonly options: readonly string[] }): Promise<Done> {
    const before = this.#options;
    return restorable([
      {
        name: 'pods',
        read: () => ({ options: this.#options }),
        make: () => {
          this.set(withOptions(before, options));
        },
        restore: () => {
          this.set(before);
        },
      },
    ]);
  }
}
