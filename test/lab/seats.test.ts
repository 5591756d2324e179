import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { finder } from '../../src/toolchain/programs.ts';
import { dropTo, processesOf, scratch } from './command.ts';
import { attemptsOf, CONTROL, KEY_PROGRAMS, LEFT_BYTES, scriptOf } from './escapes.ts';
import {
  Page,
  refused,
  startClass,
  Terminal,
  typeInto,
  type LearnersPage,
  type TrainersPage,
} from './seats.ts';

const hasBwrap = finder(process.env.PATH ?? '')('bwrap');
const LESSON = 'silent-node';
/** A shell as the trainer’s may be: with a folder open. */
const WITH_FOLDER = ['sh', '-c', 'exec "$@" 9< /', 'sh'];

/** Whether a process with these words runs. */
function runs(words: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').startsWith(words);
    } catch {
      return false;
    }
  });
}

async function gone(marker: string, words: string): Promise<void> {
  for (let i = 0; i < 50 && (processesOf(marker).length > 0 || runs(words)); i++) await delay(100);
  expect([processesOf(marker), runs(words)]).toEqual([[], false]);
}

const read = (path: string): string => readFileSync(path, 'utf8').trim();

/** A server of the machine’s, which nobody in a seat may reach. */
async function listening(to: { readonly port: number; readonly host: string } | { readonly path: string }) {
  const server = createServer(() => {
    reached += 1;
  });
  let reached = 0;
  server.listen(to);
  await once(server, 'listening');
  return {
    address: server.address(),
    reached: () => reached,
    [Symbol.dispose]: () => {
      server.close();
    },
  };
}

/** What a program says that runs as the trainer’s user. */
async function asTrainer(...command: readonly string[]): Promise<string> {
  const [program = '', ...args] = [...dropTo('nobody'), ...command];
  return (await execa(program, args, { reject: false })).stdout;
}

/** A segment of shared memory of the trainer’s user. */
async function sharedMemory() {
  const id = /\d+/.exec(await asTrainer('ipcmk', '-M', '64'))?.[0] ?? '';
  return {
    id: Number(id),
    [Symbol.asyncDispose]: async () => {
      await asTrainer('ipcrm', '-m', id);
    },
  };
}

/** A key of the trainer’s user; its keyring lasts as long as a process of this user. */
async function secretKey() {
  const said = await asTrainer('perl', '-e', KEY_PROGRAMS.add);
  const [keyring = 0, key = 0] = said.split(' ').map(Number);
  return {
    keyring,
    key,
    [Symbol.asyncDispose]: async () => {
      await asTrainer('perl', '-e', KEY_PROGRAMS.remove({ keyring, key }));
    },
  };
}

describe.skipIf(!hasBwrap)(`a class${hasBwrap ? '' : ' (skipped: bubblewrap is not installed)'}`, () => {
  it('starts for all, judges each, goes on after it was killed, and leaves nothing', async () => {
    using folder = scratch();
    const first = await startClass(folder.path, [LESSON, '--seats', '2', '--seed', '7']);
    {
      using trainer: TrainersPage = new Page(first.url);
      const room = await trainer.shows(/"stage": "ready"[^]*"stage": "ready"/);
      const [one = '', two = ''] = room.seats.map(({ path }) => new URL(path, first.url).href);
      using learner: LearnersPage = new Page(one);
      expect((await learner.shows(/"stage"/)).lines).toEqual([]);
      // Links are the only way in, for whoever comes from where.
      expect(await refused(`${one}x/live`)).toBe(403);
      expect(await refused(`${one}/live`, { Origin: 'http://elsewhere.example' })).toBe(403);
      expect((await fetch(first.url.replace(/.$/, '~'))).status).toBe(404);

      trainer.send({ do: 'start' });
      expect((await learner.shows(/Measured by its users/)).title).toContain('every call times out');
      learner.send({ do: 'hint' });
      await learner.shows(/hint 1 of 3/);
      learner.send({ do: 'explain' });
      await learner.shows(/first solve it/);
      const fix = 'sysctl -w net.ipv4.conf.all.rp_filter=2\n';
      await typeInto(one, 'worker-1', fix, /rp_filter = 2/);
      expect(
        await typeInto(two, 'worker-1', 'sysctl net.ipv4.conf.all.rp_filter\n', /rp_filter = \d/),
      ).toContain('rp_filter = 1');
      learner.send({ do: 'check' });
      const checked = await learner.shows(/SOLVED|NOT JUDGED/);
      if (checked.lines.some((line) => line.includes('NOT JUDGED'))) {
        await learner.shows(/"stage": "ready"/);
        learner.send({ do: 'check' });
      }
      await learner.shows(/SOLVED {2}8 of 10/);
      expect(await trainer.shows(/"outcome": "solved"/)).toMatchObject({
        seats: [
          { outcome: 'solved', hints: [1, 3], points: 8 },
          { outcome: 'open', hints: [0, 3] },
        ],
      });
      // In a session of its own, in a terminal that stays open.
      using terminal = new Terminal(two, 'worker-1');
      await terminal.type('setsid sleep 98765 & echo st""arted\n', /started/);
      await expect.poll(() => runs('sleep 98765')).toBe(true);
      first.process.kill('SIGKILL');
      await first.process;
    }
    await gone(first.marker, 'sleep 98765');
    const standing = join(folder.path, 'tablefull', 'standing');
    // Records of labs that were killed are deleted by whoever looks for labs.
    const killed = readdirSync(standing);

    const again = await startClass(folder.path, [LESSON, '--seats', '2', '--seed', '7']);
    expect(again.url.split('/t/')[1]).toBe(first.url.split('/t/')[1]);
    {
      using trainer: TrainersPage = new Page(again.url);
      expect((await trainer.shows(/"outcome"/)).seats[0]).toMatchObject({ outcome: 'solved', points: 8 });
      await trainer.shows(/"stage": "ready"/);
    }
    again.process.kill('SIGINT');
    expect((await again.process).exitCode).toBe(130);
    await gone(again.marker, 'bwrap --seccomp');
    expect(readdirSync(standing)).toEqual(killed);
  });

  it('a learner does not get out of the seat', async () => {
    using folder = scratch();
    const secret = join(folder.path, 'secret');
    writeFileSync(secret, 'secret');
    using loopback = await listening({ port: 0, host: '0.0.0.0' });
    const abstract = `tablefull-${String(process.pid)}`;
    using hidden = await listening({ path: `\0${abstract}` });
    await using segment = await sharedMemory();
    const limits = ['max', 'buckets'].map((name) => `/proc/sys/net/netfilter/nf_conntrack_${name}`);
    const before = limits.map(read);
    const started = await startClass(folder.path, [LESSON, '--seats', '2', '--seed', '7'], WITH_FOLDER);
    {
      using trainer: TrainersPage = new Page(started.url);
      const { seats } = await trainer.shows(/"stage": "ready"[^]*"stage": "ready"/);
      trainer.send({ do: 'start' });
      await trainer.shows(/"startedAt"/);
      const standing = join(folder.path, 'tablefull', 'standing');
      const labs = readdirSync(standing).map((name) => read(join(standing, name)));
      const [, otherSeat = '0'] = /"pid":(\d+)/.exec(labs.find((lab) => lab.includes('seat 2')) ?? '') ?? [];
      const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
      await using key = await secretKey();
      const attempts = attemptsOf({
        ...{ secret, abstract, segment: segment.id, key, folder: folder.path, otherSeat: Number(otherSeat) },
        trainer: started.process.pid ?? 0,
        ports: [(loopback.address as { port: number }).port, Number(new URL(started.url).port)],
        address: addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address,
      });
      const seat = new URL(seats[0]?.path ?? '', started.url).href;
      const file = `cat > /tmp/try <<'END'\n${scriptOf(attempts)}\nEND\n`;
      using learner: LearnersPage = new Page(seat);
      const { places } = await learner.shows(/"places": \[\s*"worker-1"/);
      const pod = places.find((name) => !name.startsWith('worker')) ?? 'no pod';
      for (const place of ['worker-1', pod]) {
        const shown = await typeInto(
          seat,
          place,
          `stty -echo\n${file}bash /tmp/try; sysctl -w net.netfilter.nf_conntrack_max=5 >&2; grep CapEff /proc/self/status; ls /proc/self/fd | tr '\\n' ' '; echo all tr""ied\n`,
          /all tried/,
        );
        const lines = shown.split(/\r?\n/);
        expect(lines.filter((line) => line.startsWith('missing: '))).toEqual([]);
        expect(lines.filter((line) => line.startsWith('ESCAPED: '))).toEqual([`ESCAPED: ${CONTROL}`]);
        expect(lines.filter((line) => line.startsWith('held: '))).toEqual(
          Object.keys(attempts).map((name) => `held: ${name}`),
        );
        // CAP_NET_ADMIN and CAP_NET_RAW, over the node’s own network alone.
        expect(shown).toContain('CapEff:\t0000000000003000');
        expect(shown).toContain('0 1 2 3 all tried');
      }
    }
    expect([loopback.reached(), hidden.reached()]).toEqual([0, 0]);
    expect(existsSync(join(folder.path, 'written'))).toBe(false);
    expect(limits.map(read)).toEqual(before);
    expect(read('/proc/sysvipc/shm')).not.toContain(` ${String(LEFT_BYTES)} `);
    started.process.kill('SIGTERM');
    expect((await started.process).exitCode).toBe(143);
    await gone(started.marker, 'bwrap --seccomp');
  });

  it('a seat whose wall can’t be made fails with the reason', async () => {
    using folder = scratch();
    const bwrap = join(folder.path, 'bwrap');
    writeFileSync(bwrap, '#!/bin/sh\necho "bwrap: setting up uid map: Permission denied" >&2\nexit 1\n');
    chmodSync(bwrap, 0o755);
    const path = `PATH=${folder.path}:${process.env.PATH ?? ''}`;
    const started = await startClass(folder.path, [LESSON, '--seats', '1', '--seed', '7'], [path]);
    {
      using trainer: TrainersPage = new Page(started.url);
      await trainer.shows(/"stage": "(failed|ready)"/);
      expect(trainer.text).toContain(
        'a learner’s terminal can’t be opened here: bwrap: setting up uid map: Permission denied',
      );
    }
    started.process.kill('SIGTERM');
    await started.process;
    await gone(started.marker, 'bwrap --seccomp');
  });
});
