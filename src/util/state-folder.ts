import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for what outlives a command, of this user (XDG Base Directory Specification). */
export function stateFolder(env: Readonly<NodeJS.ProcessEnv>): string {
  const state = env.XDG_STATE_HOME ?? join(env.HOME ?? homedir(), '.local', 'state');
  return join(state, 'tablefull');
}
