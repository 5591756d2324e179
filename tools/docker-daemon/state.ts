import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bootId, isAlive, ownerSchema } from '../../src/guard/owner.ts';
import { cacheFolder } from '../../src/toolchain/programs.ts';
import { HOST } from './host.ts';

/** The folder of the daemon's log and of the machine's state before it. */
export const FOLDER = join(cacheFolder(process.env), 'docker-daemon');
const PATH = join(FOLDER, 'state.json');

const STATE = z.strictObject({
  boot: z.string(),
  /** Undefined until the daemon has been started. */
  daemon: ownerSchema.optional(),
  before: HOST,
});
export type State = z.infer<typeof STATE>;

/** The state written since the machine booted; a reboot undoes everything in it. */
export function readState(): State | undefined {
  let text: string;
  try {
    text = readFileSync(PATH, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const state = STATE.parse(JSON.parse(text));
  return state.boot === bootId() ? state : undefined;
}

export function writeState(state: State): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${PATH}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${PATH}.new`, PATH);
}

export function forgetState(): void {
  rmSync(PATH, { force: true });
}

/** The process id of the daemon that we started, if it still runs. */
export function ourDaemon(state: State | undefined): number | undefined {
  const daemon = state?.daemon;
  return daemon !== undefined && isAlive(daemon) ? daemon.pid : undefined;
}
