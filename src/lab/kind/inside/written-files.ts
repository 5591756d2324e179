import type { Done, Value } from '../../../change/done.ts';
import { restorable, type Site } from '../../../change/restorable.ts';
import type { PodFiles } from '../../../agent/agent-environment.ts';
import { POD_FILES, writeResolvConf, writeStaticFiles } from '../../../agent/resolv.ts';
import { podNamespaces, readInPod } from './pod-namespaces.ts';

const FILE = '/etc/resolv.conf';

/**
 * The resolver files of a node's pods, as the kubelet wrote them at their start. To change them, the harness
 * starts a pod with the new settings, and the agent takes its files.
 */
export class WrittenFiles implements PodFiles {
  readonly folder = POD_FILES;
  #text: string;
  /** The text that the next change installs. */
  #next: string | undefined;

  /** @param space the network namespace of a pod */
  constructor(space: string) {
    this.#text = readInPod(space, FILE);
    writeStaticFiles();
    this.#set(this.#text);
  }

  get nameserver(): string {
    return this.#line('nameserver');
  }

  /** @throws Error where there is no such pod on this node */
  takeFrom(ip: string): void {
    const space = podNamespaces().get(ip);
    if (space === undefined) throw new Error(`there is no pod ${ip} on this node`);
    this.#next = readInPod(space, FILE);
  }

  apply(): Promise<Done> {
    return restorable([this.site(() => ({ options: this.#line('options') }))]);
  }

  /**
   * Installs the resolv.conf captured by `takeFrom()`.
   *
   * @param read returns the recorded state
   * @throws Error where nothing was captured
   */
  site(read: (files: this) => Value): Site {
    const [before, next] = [this.#text, this.#next];
    if (next === undefined) throw new Error('no pod was started with this change');
    this.#next = undefined;
    return {
      name: 'pods',
      read: () => read(this),
      make: () => {
        this.#set(next);
      },
      restore: () => {
        this.#set(before);
      },
    };
  }

  #line(name: string): string {
    return new RegExp(`^${name} (.*)$`, 'm').exec(this.#text)?.[1] ?? '';
  }

  #set(text: string): void {
    this.#text = text;
    writeResolvConf(text);
  }
}
