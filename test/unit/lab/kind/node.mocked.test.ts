import type * as realFs from 'node:fs';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { notRestored } from '../../../../src/util/not-restored.ts';
import type { Message } from '../../../../src/agent/rpc.ts';
import type { NodeAsk, NodeRequest } from '../../../../src/lab/kind/agent-rpc.ts';
import type { Notes } from '../../../../src/lab/kind/inside/found-environment.ts';
import type { NodeHost } from '../../../../src/lab/kind/inside/node-host.ts';
import { leaseAge, NodeJournal, readNodeJournal } from '../../../../src/lab/kind/inside/node-journal.ts';
import { NodeWork } from '../../../../src/lab/kind/inside/node-work.ts';
import { restoreNode } from '../../../../src/lab/kind/inside/restore-node.ts';
import { PROTOCOL } from '../../judge/history-builder.ts';

/** While renames fail, the new file must not replace the old. */
const files = vi.hoisted(() => ({ dies: false }));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof realFs>();
  /** A process killed amid a write. */
  const half = (write: (text: string) => unknown, text: string): unknown => {
    if (!files.dies) return write(text);
    write(text.slice(0, text.length / 2));
    throw new Error('killed');
  };
  return {
    ...fs,
    writeFileSync: (path: string, text: string, options?: object) =>
      half((part) => {
        fs.writeFileSync(path, part, options);
      }, text),
    writeSync: (fd: number, text: string) => half((part) => fs.writeSync(fd, part), text),
  };
});

const LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal';
const MAX = 'net.netfilter.nf_conntrack_max';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'node-journal-'));
  path = join(folder, 'node.json');
  files.dies = false;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A node in memory, with a change of each kind on it. */
function node(sysctls: Record<string, string>) {
  const log: string[] = [];
  const host: NodeHost = {
    hasSysctl: (name) => name in sysctls,
    readSysctl: (name) => sysctls[name] ?? '',
    writeSysctl: (name, value) => {
      log.push(`${name.split('.').at(-1) ?? ''} = ${value}`);
      return (sysctls[name] = value);
    },
    endpointsOf: () => Promise.resolve([]),
    deleteOwnTables: () => Promise.resolve(['tablefull']),
    deleteNodeLocalRules: () => Promise.resolve(true),
    deleteLink: () => Promise.resolve(true),
    flushOwnRoutes: () => Promise.resolve(log.push('routes')),
    restoreInvalidRule: () => Promise.resolve(true),
    flushOwnEntries: () => Promise.resolve(void log.push('entries')),
  };
  return { host, log, sysctls };
}

function journalOf(sysctls: Record<string, readonly [before: string, set: string]>): void {
  const journal = new NodeJournal(path);
  journal.begin();
  for (const [name, [before, set]] of Object.entries(sysctls)) journal.note(name, set, () => before);
}

describe('the journal of a node', () => {
  it('has what was there before the first change, and what was set', () => {
    journalOf({ [LIBERAL]: ['0', '1'] });
    const journal = new NodeJournal(path);
    journal.begin();
    journal.note(MAX, '10', () => '5');
    journal.note(MAX, '20', () => '10');
    journal.noteLink('nodelocaldns');
    expect(readNodeJournal(path)).toMatchObject({
      sysctls: { [MAX]: { before: '5', set: ['10', '20'] } },
      links: ['nodelocaldns'],
    });
    expect(leaseAge(path)).toBeLessThan(60_000);
  });

  it('is whole for whoever reads it, also where its writer is killed in the middle of a write', () => {
    const journal = new NodeJournal(path);
    journal.begin();
    journal.note(LIBERAL, '1', () => '0');
    files.dies = true;
    expect(() => {
      journal.note(MAX, '20', () => '5');
    }).toThrow('killed');
    expect(readNodeJournal(path)).toMatchObject({ sysctls: { [LIBERAL]: { before: '0', set: ['1'] } } });
  });

  it('takes no notes once the guardian has removed it', () => {
    const journal = new NodeJournal(path);
    journal.begin();
    rmSync(path);
    expect(() => {
      journal.note(LIBERAL, '1', () => '0');
    }).toThrow('the run’s lease of this node is over');
  });
});

describe('a node that is restored', () => {
  it('has back what the run had set, and nothing of what it had made', async () => {
    journalOf({ [LIBERAL]: ['0', '1'], [MAX]: ['5', '20'] });
    const { host, log, sysctls } = node({ [LIBERAL]: '1', [MAX]: '20' });
    const { done, left } = await restoreNode(host, path);
    expect(sysctls).toEqual({ [LIBERAL]: '0', [MAX]: '5' });
    // Latest change first.
    expect(log).toEqual(['nf_conntrack_max = 5', 'nf_conntrack_tcp_be_liberal = 0', 'routes', 'entries']);
    expect(done).toEqual([
      `${MAX} = 5 (was 20)`,
      `${LIBERAL} = 0 (was 1)`,
      'the table tablefull is deleted',
      'kube-proxy’s rule against INVALID packets is in force',
    ]);
    expect([left, existsSync(path)]).toEqual([[], false]);
  });

  it('has back what a scenario had set, also where a remedy set it in between and put the scenario’s value back', async () => {
    const journal = new NodeJournal(path);
    journal.begin();
    for (const set of ['60', '600']) journal.note(MAX, set, () => '3600');
    const { host, sysctls } = node({ [MAX]: '60' });
    const { left } = await restoreNode(host, path);
    expect([sysctls, left]).toEqual([{ [MAX]: '3600' }, []]);
  });

  it('keeps what somebody else has set since, and tells it', async () => {
    journalOf({ [LIBERAL]: ['0', '1'], [MAX]: ['5', '20'] });
    const { host, sysctls } = node({ [LIBERAL]: '2', [MAX]: '20' });
    const { left } = await restoreNode(host, path);
    expect(sysctls).toEqual({ [LIBERAL]: '2', [MAX]: '5' });
    expect(left).toEqual([`${LIBERAL} is 2, set by somebody else: left alone; it was 0`]);
  });

  it('tells what did not come back, and puts the rest back', async () => {
    journalOf({ [LIBERAL]: ['0', '1'], [MAX]: ['5', '20'] });
    const { host, log } = node({ [LIBERAL]: '1', [MAX]: '20' });
    const broken: NodeHost = {
      ...host,
      writeSysctl: (name, value) => (name === MAX ? '20' : host.writeSysctl(name, value)),
      deleteOwnTables: () => Promise.reject(new Error('exit code 2: nft\n\nnot found')),
    };
    const { left } = await restoreNode(broken, path);
    expect(left).toEqual([`${MAX}: was 5, now 20`, 'exit code 2: nft: not found']);
    expect(log).toEqual(['nf_conntrack_tcp_be_liberal = 0', 'routes', 'entries']);
  });

  it('is as it was where there is no journal', async () => {
    const { host, log } = node({});
    expect(await restoreNode(host, path)).toEqual({ done: [], left: [] });
    expect(log).toEqual([]);
  });

  it.each(['{"schema":"tablefull/node-journal/v2","sysc', '{}', ''])(
    'is restored but for its sysctls where its journal can’t be read (%j)',
    async (text) => {
      writeFileSync(path, text);
      const { host, log } = node({});
      const { left } = await restoreNode(host, path);
      expect(left).toEqual([expect.stringContaining(`${path} is not a journal of this version`)]);
      expect(log).toEqual(['routes', 'entries']);
      // Out of the guardian's way, but kept for inspection.
      expect([leaseAge(path), readdirSync(folder)]).toEqual([undefined, ['node.json.unreadable']]);
      expect(readFileSync(join(folder, 'node.json.unreadable'), 'utf8')).toBe(text);
    },
  );
});

/** The work of an agent with a lab in memory; while `stuck`, undos fail. */
function work(left: readonly string[] = []) {
  const said: Message[] = [];
  const noted: string[] = [];
  const log: string[] = [];
  const state: { stuck: boolean; notes?: Notes } = { stuck: false };
  const { host, sysctls } = node({ [LIBERAL]: '0' });
  const nodeWork = new NodeWork({
    host,
    journal: {
      begin: () => undefined,
      note: (name, value) => noted.push(`${name} ${value}`),
      settle: (name, value) => noted.push(`${name} ${value} again`),
      noteLink: () => undefined,
      renew: () => undefined,
    },
    watch: {
      begin: () => undefined,
      changed: () => ({ before: {}, after: {} }),
      restore: () => ({ before: {}, after: {} }),
    },
    environment: (_, __, notes) => {
      state.notes = notes;
      return Promise.reject(new Error('in memory'));
    },
    answers: (environment) => ({
      answer: async (request) => {
        if (request.method === 'up') await environment(request, () => undefined).catch(() => undefined);
      },
      undoAll: () => {
        log.push('undo all');
        return state.stuck
          ? Promise.reject(notRestored('not restored: found "0", now "1"'))
          : Promise.resolve();
      },
    }),
    restore: () => {
      log.push('by the journal');
      return Promise.resolve({ done: [], left });
    },
    say: (message) => said.push(message),
  });
  const ask = (request: NodeAsk): Promise<void> => nodeWork.answer({ ...request, id: 7 });
  return { ask, said, log, noted, state, sysctls };
}

const found = { own: 'worker-1' } as Extract<NodeRequest, { method: 'adopt' }>['found'];

it('the journal of a node leaves alone what has been put back, whatever the machine makes of it then', async () => {
  const journal = new NodeJournal(path);
  journal.begin();
  journal.note(MAX, '1310720', () => '1200');
  journal.note(MAX, '1200', () => '1310720');
  journal.settle(MAX, '1200');
  const { host } = node({ [MAX]: '262144' });
  expect((await restoreNode(host, path)).left).toEqual([]);
});

describe('an agent that goes down', () => {
  it('undoes what stands, and then what the journal tells of', async () => {
    const { ask, said, log } = work();
    await ask({ method: 'down' });
    expect(log).toEqual(['undo all', 'by the journal']);
    expect(said).toEqual([{ id: 7 }]);
  });

  it('says what is not restored, also once the journal has been gone by', async () => {
    const { ask, said, log, state } = work();
    state.stuck = true;
    await ask({ method: 'down' });
    expect(log).toEqual(['undo all', 'by the journal', 'undo all']);
    expect(said).toEqual([{ id: 7, error: 'not restored: found "0", now "1"', notRestored: true }]);
  });

  it('says what the journal could not put back', async () => {
    const { ask, said } = work([`${LIBERAL} is 2, set by somebody else: left alone; it was 0`]);
    await ask({ method: 'down' });
    expect(said).toMatchObject([
      { notRestored: true, error: expect.stringContaining('left alone') as string },
    ]);
  });
});

describe('an agent on a node', () => {
  it('notes a sysctl of its node before it is set, also one that is set in the middle of a phase', async () => {
    const { ask, noted, state } = work();
    await ask({ method: 'adopt', found });
    await ask({ method: 'up', protocol: PROTOCOL, squeeze: 'ballast', seed: 1, epoch: '0' });
    for (const node of ['worker-1', 'all', 'worker-2'])
      state.notes?.change({ kind: 'sysctl', node, name: LIBERAL, value: 1 });
    expect(noted).toEqual([`${LIBERAL} 1`, `${LIBERAL} 1`]);
  });

  it('refuses what needs the lab before there is one', async () => {
    const { ask, said } = work();
    await ask({ method: 'dns-pods', ips: [] });
    await ask({ method: 'cache-address', there: true });
    expect(said).toMatchObject([{ error: 'dns-pods before up' }, { error: 'cache-address before up' }]);
  });

  it('restores a delegated sysctl that another program set, and ignores one that does not exist', async () => {
    const { ask, said, sysctls, noted } = work();
    await ask({ method: 'delegate', sysctls: { [LIBERAL]: '1', 'net.no.such': '1' } });
    sysctls[LIBERAL] = '1';
    await ask({ method: 'restore', sysctls: [LIBERAL, 'net.no.such'] });
    expect(sysctls[LIBERAL]).toBe('0');
    expect(noted).toEqual([`${LIBERAL} 1`, `${LIBERAL} 0`, `${LIBERAL} 0 again`]);
    expect(said).toEqual([{ id: 7 }, { id: 7 }]);
  });
});
