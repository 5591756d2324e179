import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from './command.ts';
import { eventSchema, scoreSchema, type Event } from '../../src/workshop/gameday/protocol.ts';
import { LESSONS } from '../../src/workshop/lessons/index.ts';
import { conclusivePlay, tablefull, Talk } from './standing.ts';

/** Words of which any would name what was injected. */
const TELLING = LESSONS.flatMap(({ name, scenario, cause }) => [name, scenario, cause]);

/** The text of every file below a folder. */
function textBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return entry.isFile() ? `${path}\n${readFileSync(path, 'utf8')}` : path;
    })
    .join('\n');
}

/** The arguments and the environment of every process of this marker. */
function processes(marker: string): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
        return environment.includes(marker)
          ? `${readFileSync(`/proc/${pid}/cmdline`, 'latin1')}\n${environment}`
          : '';
      } catch {
        return '';
      }
    })
    .join('\n');
}

describe('gameday', () => {
  const play = async (): Promise<void> => {
    using folder = scratch();
    const marker = `GAMEDAY-${randomUUID()}`;
    process.env.TABLEFULL_TEST_MARKER = marker;
    const game = tablefull(folder.path, ['gameday', '--json', '--seed', '7']);
    delete process.env.TABLEFULL_TEST_MARKER;
    const player = new Talk(game);
    const ask = async (request: object | string): Promise<Event> => {
      const line = typeof request === 'string' ? request : JSON.stringify(request);
      return eventSchema.parse(JSON.parse(await player.type(line, /\}\n$/)));
    };
    const report = eventSchema.parse(JSON.parse(await player.hear(/\}\n$/)));
    expect(report).toMatchObject({
      event: 'report',
      text: expect.stringContaining('Users report') as string,
    });
    const files = await ask({
      ...{ do: 'run', place: 'worker-1' },
      command: ['sh', '-c', 'find /run; find /run -type f -exec cat {} +; ps ax -o args; env'],
    });
    const lab = files.event === 'ran' ? files.stdout : '';
    expect(lab).toContain('/run/netns/worker-1');
    const seen = `${lab}\n${textBelow(folder.path)}\n${processes(marker)}`;
    expect(seen).toContain('gameday');
    for (const word of TELLING) expect(seen).not.toContain(word);
    expect(await ask('check')).toMatchObject({
      event: 'error',
      message: expect.stringContaining('JSON') as string,
    });
    expect(await ask({ do: 'cause', name: 'full-disk' })).toEqual({ event: 'cause', right: false });
    expect(await ask({ do: 'check' })).toMatchObject({ event: 'checked', outcome: 'unchanged', broke: [] });
    const score = scoreSchema.parse(await ask({ do: 'end' }));
    expect(score).toMatchObject({ wrongGuesses: 1, cured: false, commands: 1 });
    expect((await game).exitCode).toBe(0);
  };

  it('names nowhere what was injected, takes requests, and scores', () => conclusivePlay(play));
});
