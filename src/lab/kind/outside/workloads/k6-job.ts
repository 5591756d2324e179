import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { k6Loads, type Protocol } from '../../../../schema/protocol.ts';

/** Files of this machine that a protocol's k6 loads need on nodes, at the same paths. */
export interface Carried {
  readonly programs: readonly string[];
  /** Texts by path: each script with its imports. */
  readonly files: Readonly<Record<string, string>>;
}

/** The format of `k6 deps --json`; imports include the script itself. */
const depsSchema = z.object({ imports: z.array(z.string()) });

/** @throws Error with k6's own words where it can't read a script */
export async function carriedBy(protocol: Protocol, signal: AbortSignal): Promise<Carried> {
  const programs = new Set<string>();
  const files: Record<string, string> = {};
  for (const [, { program, script }] of k6Loads(protocol)) {
    if (program === undefined) continue;
    programs.add(program);
    const { stdout } = await execa(program, ['deps', '--json', script], { cancelSignal: signal });
    for (const name of depsSchema.parse(JSON.parse(stdout)).imports) {
      if (!name.startsWith('file:')) continue;
      const path = fileURLToPath(name);
      files[path] = readFileSync(path, 'utf8');
    }
  }
  return { programs: [...programs], files };
}
