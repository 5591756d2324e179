import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive, ownerSchema, runningProcess } from '../guard/owner.ts';
import { makeFolder } from '../util/make-folder.ts';
import { jsonIfThere, namesIn } from '../util/read-if-there.ts';
import { replaceFile } from '../util/replace-file.ts';
import { stateFolder } from '../util/state-folder.ts';
import { placeSchema, serviceSchema, type Hands } from './hands.ts';

const wordsSchema = z.tuple([z.string()], z.string());

const recordSchema = z.strictObject({
  schema: z.literal('tablefull/standing-lab/v1'),
  /** What the lab is for: `lab play saturate`. */
  about: z.string(),
  startedAt: z.string(),
  /** The lab's first process. */
  first: ownerSchema,
  within: wordsSchema,
  places: z.array(placeSchema),
  services: z.array(serviceSchema),
  /** Commands to begin with, in the banner of a shell. */
  begin: z.array(z.string()),
});

/** A lab that stands and can be entered, as another terminal finds it. */
export type StandingLab = z.infer<typeof recordSchema>;

/** What is said of a lab that stands. */
interface Announcement {
  readonly about: string;
  readonly begin: readonly string[];
}

/** Folder of the records of labs that stand, by the pid of their first process. */
function folderOf(env: Readonly<NodeJS.ProcessEnv>): string {
  return join(stateFolder(env), 'standing');
}

/** Records that a lab stands, until disposed. */
export async function announce(
  { pid, within, places, services }: Hands,
  { about, begin }: Announcement,
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<Disposable> {
  const first = runningProcess(pid);
  if (first === undefined) throw new Error('the lab is gone');
  const record: StandingLab = {
    schema: 'tablefull/standing-lab/v1',
    about,
    startedAt: new Date().toISOString(),
    first,
    within: [...within],
    places: [...places],
    services: [...services],
    begin: [...begin],
  };
  const folder = folderOf(env);
  makeFolder(folder, env);
  const path = join(folder, `${String(pid)}.json`);
  await replaceFile(path, `${JSON.stringify(record)}\n`, env);
  return {
    [Symbol.dispose]: () => {
      rmSync(path, { force: true });
    },
  };
}

/** The labs that stand, oldest first. Records of labs that are gone are deleted. */
export function standingLabs(env: Readonly<NodeJS.ProcessEnv>): readonly StandingLab[] {
  const folder = folderOf(env);
  return namesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const record = jsonIfThere(join(folder, name), recordSchema);
      if (record !== undefined && isAlive(record.first)) return [record];
      rmSync(join(folder, name), { force: true });
      return [];
    })
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
}
