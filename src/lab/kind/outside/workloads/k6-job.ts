import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { k6Loads, type Protocol } from '../../../../schema/protocol.ts';

/** What of this machine's a cluster's nodes need for a protocol's k6 loads. Paths mean there what they mean here. */
export interface Carried {
  readonly programs: readonly string[];
  /** Texts by path: each script, and what it imports. */
  readonly files: Readonly<Record<string, string>>;
}

/** What `k6 deps --json` prints; the script itself is among what it imports. */
const depsSchema = z.object({ imports: z.array(z.string()) });

/** @throws Error with k6's own words where a script can't be read by it */
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
