import { EventEmitter } from 'node:events';
import type { Informer, KubernetesObject, ObjectCache } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { watched } from '../../../../src/lab/kind/outside/api/watched.ts';

/** An informer whose objects the test emits. */
class FakeInformer extends EventEmitter implements ObjectCache<KubernetesObject> {
  starts = 0;
  stops = 0;
  readonly #objects: KubernetesObject[] = [];
  readonly #onStart: (attempt: number) => void;

  constructor(onStart: (attempt: number) => void = () => undefined) {
    super();
    this.#onStart = onStart;
  }

  start(): Promise<void> {
    this.#onStart(++this.starts);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.stops++;
    return Promise.resolve();
  }

  add(name: string): void {
    this.#objects.push({ kind: name });
    this.emit('change');
  }

  list(): readonly KubernetesObject[] {
    return this.#objects;
  }

  get(): undefined {
    return undefined;
  }
}

function follow(informer: FakeInformer, signal = AbortSignal.timeout(5_000)): Promise<number> {
  const objects = informer as unknown as Informer<KubernetesObject> & ObjectCache<KubernetesObject>;
  return watched('two pods', objects, (all) => (all.length >= 2 ? all.length : undefined), signal);
}

describe('objects that are watched', () => {
  it('are seen once what is awaited is among them, and no longer followed then', async () => {
    const informer = new FakeInformer();
    const seen = follow(informer);
    informer.add('a');
    informer.add('b');
    await expect(seen).resolves.toBe(2);
    expect([informer.starts, informer.stops]).toEqual([1, 1]);
  });

  it('are seen where they were there from the start', async () => {
    const informer = new FakeInformer();
    informer.add('a');
    informer.add('b');
    await expect(follow(informer)).resolves.toBe(2);
  });

  it('are followed again where the API server refused, and the failure is in the message where nothing came', async () => {
    const refused = new Error('connection refused');
    const informer = new FakeInformer((attempt) => {
      if (attempt === 1) informer.emit('error', refused);
      else informer.add(String(attempt));
    });
    const aborted = new AbortController();
    const seen = follow(informer, aborted.signal);
    await expect.poll(() => informer.starts).toBe(2);
    informer.emit('error', refused);
    aborted.abort();
    await expect(seen).rejects.toThrow('two pods did not come (connection refused)');
    expect(informer.stops).toBe(1);
    informer.emit('error', refused);
  });
});
