import { once } from 'node:events';
import { execa } from 'execa';
import { beforeEach, describe, expect, it } from 'vitest';
import { entriesOfAllNamespaces } from '../../../src/guard/namespaces.ts';
import { guardSqueeze } from '../../../src/guard/squeeze-guard.ts';
import { insertEstablished } from '../../../src/kernel/ctnetlink.ts';
import { NetNamespace } from '../../../src/kernel/netns.ts';

describe('the guard over a squeeze of the whole machine', () => {
  beforeEach(({ skip }) => {
    skip(process.getuid?.() !== 0, 'only root can enter every network namespace');
  });

  it('the guard sees the entries of an unrelated namespace, and refuses to go below them', async () => {
    const other = execa('unshare', ['--net', 'cat'], { reject: false });
    other.stdin.write('\n');
    await once(other.stdout, 'data');
    using namespace = NetNamespace.open(`/proc/${other.pid}/ns/net`);
    insertEstablished(namespace, 0, 1500, 1);

    const { entries, refused } = guardSqueeze({ max: 1200, buckets: 300 });
    expect(entries).toBeGreaterThanOrEqual(1500);
    expect(refused).toMatch(/holds \d+ entries: with a maximum of 1200/);
    expect(guardSqueeze({ max: 262144, buckets: 262144 }).refused).toBeUndefined();

    other.stdin.end();
    await other;
  });

  /** A namespace with entries and without a process, kept in a sandbox by what `keep` leaves. */
  async function hidden(keep: string, entries: number) {
    const script = `${keep} nsenter --net=/proc/self/fd/8 sh -c 'echo; exec cat'`;
    const unshared = 'exec 8</proc/self/ns/net && exec unshare --net --mount sh -c "$0"';
    const other = execa('sh', ['-c', unshared, script], { reject: false });
    await Promise.race([once(other.stdout, 'data'), other]);
    return {
      fill(path: string): void {
        using namespace = NetNamespace.open(`/proc/${other.pid}/${path}`);
        insertEstablished(namespace, 0, entries, 1);
      },
      async [Symbol.asyncDispose]() {
        other.stdin.end();
        await other;
      },
    };
  }

  it('the guard sees a namespace that is mounted only in another sandbox, as another lab’s nodes are', async () => {
    const mounted = `mount -t tmpfs tmpfs /run && touch /run/node && mount --bind /proc/self/ns/net /run/node && exec`;
    await using other = await hidden(mounted, 1500);
    other.fill('root/run/node');
    const { refused } = guardSqueeze({ max: 1200, buckets: 300 });
    expect(refused).toMatch(/holds \d+ entries: with a maximum of 1200/);
  });

  it('the guard sees a namespace that only an open file keeps', async () => {
    await using other = await hidden('exec 9</proc/self/ns/net && exec', 1500);
    other.fill('fd/9');
    const { refused } = guardSqueeze({ max: 1200, buckets: 300 });
    expect(refused).toMatch(/holds \d+ entries: with a maximum of 1200/);
  });

  it('the guard sees a namespace without a process, by its mount', async () => {
    const name = `guard-${process.pid}`;
    await execa('ip', ['netns', 'add', name]);
    try {
      expect(entriesOfAllNamespaces()).toContainEqual({ path: `/run/netns/${name}`, entries: 0 });
    } finally {
      await execa('ip', ['netns', 'delete', name]);
    }
  });
});
