import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command, scratch } from '../command.ts';
import { orphanedSockets } from '../machine.ts';

/** As dead-backend, and over sooner: clients close connections that a silent pod never answered. */
const SILENT = `
extends: dead-backend
name: silent
params: {}
demand: { clients: 40, seconds: 1.5 }
`;

// On a kernel without CONFIG_INET_DIAG_DESTROY they stay.
it('connections without an answer end with the run, and do not keep its namespaces for minutes', async () => {
  using folder = scratch();
  const file = join(folder.path, 'silent.yaml');
  writeFileSync(file, SILENT);
  const before = orphanedSockets();
  const out = join(folder.path, 'run');
  const { code, stdout } = await command(['run', file, '--remedy', 'none', '--quiet', '--out', out]);
  expect(code, stdout).toBe(0);
  await expect.poll(orphanedSockets, { timeout: 3_000 }).toBeLessThanOrEqual(before);
});
