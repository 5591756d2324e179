import { spawnSync } from 'node:child_process';
import type { Io } from '../verb-context.ts';

/** Quits if the text fits, keeps colours, and leaves the text on the screen. */
const LESS = ['less', '-FRX'];

/** Prints a long text; on a terminal through the pager, `PAGER` or less, where there is one. */
export function showPaged({ stdout, env }: Pick<Io, 'stdout' | 'env'>, text: string): void {
  const { isTTY = false, rows = 24 } = stdout;
  const fits = text.split('\n').length <= rows;
  if (isTTY && !fits) {
    const [program = '', ...args] = env.PAGER?.split(' ').filter((word) => word !== '') ?? LESS;
    if (program === '') return void stdout.write(text);
    const { error } = spawnSync(program, args, { input: text, stdio: ['pipe', 'inherit', 'inherit'] });
    // A pager that is left early closes its input.
    if (error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE') return;
  }
  stdout.write(text);
}
