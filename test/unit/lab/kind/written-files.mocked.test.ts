import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Resolv from '../../../../src/agent/resolv.ts';
import { WrittenFiles } from '../../../../src/lab/kind/inside/written-files.ts';

const OWN_SPACE = '/run/netns/own';
const textOf = (nameserver: string, options: string): string =>
  `nameserver ${nameserver}\nsearch svc.cluster.local\noptions ${options}\n`;
const KUBELET = textOf('10.96.0.10', 'ndots:5');
const FEWER_DOTS = textOf('10.96.0.10', 'ndots:1');
const CACHE = textOf('169.254.20.10', 'ndots:5');

/** The pods of a node by address, each with what the kubelet wrote for it; and what is bound over every pod's file. */
const node = vi.hoisted(() => ({ pods: new Map<string, string>(), bound: [] as string[] }));
vi.mock('../../../../src/lab/kind/inside/pod-namespaces.ts', () => ({
  podNamespaces: () => new Map([...node.pods.keys()].map((ip) => [ip, ip])),
  readInPod: (space: string) => node.pods.get(space),
}));
vi.mock('../../../../src/agent/resolv.ts', async (importOriginal) => ({
  ...(await importOriginal<typeof Resolv>()),
  writeStaticFiles: () => undefined,
  writeResolvConf: (text: string) => node.bound.push(text),
}));

function files(): WrittenFiles {
  return new WrittenFiles(OWN_SPACE);
}

beforeEach(() => {
  node.pods = new Map([
    [OWN_SPACE, KUBELET],
    ['10.244.1.7', FEWER_DOTS],
    ['10.244.1.8', CACHE],
  ]);
  node.bound.length = 0;
});

describe('the resolver files of a cluster’s pods', () => {
  it('pods read what the kubelet wrote for them until it is changed', () => {
    expect(files().nameserver).toBe('10.96.0.10');
    expect(node.bound).toEqual([KUBELET]);
  });

  it('a change is what the kubelet wrote for a pod that was started with it, and is undone to the letter', async () => {
    const written = files();
    written.takeFrom('10.244.1.7');
    const done = await written.apply();
    expect(node.bound.at(-1)).toBe(FEWER_DOTS);
    expect(done.readings).toEqual([
      { node: 'pods', before: { options: 'ndots:5' }, after: { options: 'ndots:1' } },
    ]);
    await done.undo();
    expect(node.bound.at(-1)).toBe(KUBELET);
  });

  it('a change can be recorded by another part of the files, as the nameserver', async () => {
    const written = files();
    written.takeFrom('10.244.1.8');
    const site = written.site(({ nameserver }) => ({ nameserver }));
    await site.make();
    expect([await site.read(), written.nameserver]).toEqual([
      { nameserver: '169.254.20.10' },
      '169.254.20.10',
    ]);
    await site.restore('');
    expect(written.nameserver).toBe('10.96.0.10');
  });

  it('each change takes a pod of its own: what was taken serves once', async () => {
    const written = files();
    expect(() => written.apply()).toThrow('no pod');
    written.takeFrom('10.244.1.7');
    await (await written.apply()).undo();
    expect(() => written.apply()).toThrow('no pod');
    expect(node.bound.at(-1)).toBe(KUBELET);
  });

  it('a change on top of another is undone to that one', async () => {
    const written = files();
    written.takeFrom('10.244.1.7');
    const first = await written.apply();
    written.takeFrom('10.244.1.8');
    const second = await written.apply();
    await second.undo();
    expect(node.bound.at(-1)).toBe(FEWER_DOTS);
    await first.undo();
    expect(node.bound.at(-1)).toBe(KUBELET);
  });

  it('a pod that is not on the node is named, and nothing is taken', () => {
    const written = files();
    expect(() => {
      written.takeFrom('10.244.2.9');
    }).toThrow('10.244.2.9');
    expect(() => written.apply()).toThrow('no pod');
  });
});
