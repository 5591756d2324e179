/**
 * `npm run docker-daemon -- up` starts a Docker daemon on a machine without a service manager; `-- down`
 * stops it and restores the machine.
 */
import { join } from 'node:path';
import { down, up } from './docker-daemon/daemon.ts';
import { FOLDER } from './docker-daemon/state.ts';
import { interruptible, program, step } from './steps.ts';

const NOT_RESTORED = 3;
const WRONG_ARGUMENTS = 64;

function say(line: string): void {
  process.stderr.write(`docker-daemon: ${line}\n`);
}

const interrupted = interruptible();
const options = { log: join(FOLDER, 'commands.log'), signal: interrupted.signal, say };

async function main(verb: string | undefined): Promise<number> {
  if (verb === 'up') {
    const version = await step('up', options, (sh) => up(sh, interrupted.signal, say));
    say(`Docker ${version} answers`);
    return 0;
  }
  if (verb === 'down') {
    const different = await step('down', options, (sh) => down(sh, say));
    for (const line of different) say(line);
    if (different.length === 0) say('everything is as before');
    return different.length === 0 ? 0 : NOT_RESTORED;
  }
  say('say up or down: npm run docker-daemon -- up');
  return WRONG_ARGUMENTS;
}

await program(async () => {
  process.exitCode = await main(process.argv[2]);
}, options);
