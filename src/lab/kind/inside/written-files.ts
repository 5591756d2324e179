import type { ChangeOf } from '../../../schema/change.ts';
import { undone, type Done } from '../../../change/done.ts';
import type { PodFiles } from '../../../agent/ground.ts';
import { POD_FILES, writeResolvConf, writeStaticFiles } from '../../../agent/resolv.ts';
import { podSpaces, readInPod } from './pod-spaces.ts';

const FILE = '/etc/resolv.conf';

/**
 * The resolver files of a node's pods, as the kubelet has written them. Pods get theirs when they start; where the
 * harness changes what they are told, a pod that was started with the change is who they are taken from.
 */
export class WrittenFiles implements PodFiles {
  readonly folder = POD_FILES;
  #text: string;
  /** What the next change is to. */
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
    const space = podSpaces().get(ip);
    if (space === undefined) throw new Error(`there is no pod ${ip} on this node`);
    this.#next = readInPod(space, FILE);
  }

  apply(_: ChangeOf<'resolver'>): Promise<Done> {
    return Promise.resolve(this.change(() => `options ${this.#line('options')}`));
  }

  /** To what was taken last. @param read what is said of it, before and after */
  change(read: () => string): Done {
    const [before, next] = [this.#text, this.#next];
    if (next === undefined) throw new Error('no pod was started with this change');
    this.#next = undefined;
    const found = read();
    this.#set(next);
    const undo = (): Promise<{ found: string; readBack: string }> =>
      undone(found, () => {
        this.#set(before);
        return read();
      });
    return { found, readBack: `${read()}, as the kubelet writes it`, emulated: false, undo };
  }

  #line(name: string): string {
    return new RegExp(`^${name} (.*)$`, 'm').exec(this.#text)?.[1] ?? '';
  }

  #set(text: string): void {
    this.#text = text;
    writeResolvConf(text);
  }
}
