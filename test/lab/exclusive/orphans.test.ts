import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resetsOrphans } from '../../../src/kernel/sock-diag.ts';
import { command, scratch } from '../command.ts';
import { orphanedSockets } from '../machine.ts';

/** As dead-backend, and over sooner: clients close connections that a silent pod never answered. */
const SILENT = `
extends: dead-backend
name: silent
params: {}
demand: { clients: 40, seconds: 1.5 }
`;

/** ms. Until the kernel has given up what a test before left. */
const GIVEN_UP_MS = 150_000;
const old = resetsOrphans() ? '' : ' (skipped: needs Linux 6.11)';

it.skipIf(old !== '')(
  `connections without an answer end with the run, and do not keep its namespaces${old}`,
  async () => {
    using folder = scratch();
    const file = join(folder.path, 'silent.yaml');
    writeFileSync(file, SILENT);
    await expect.poll(orphanedSockets, { timeout: GIVEN_UP_MS }).toBe(0);
    const out = join(folder.path, 'run');
    const { code, stdout } = await command(['run', file, '--remedy', 'none', '--quiet', '--out', out]);
    expect(code, stdout).toBe(0);
    await expect.poll(orphanedSockets, { timeout: 3_000 }).toBe(0);
  },
);
