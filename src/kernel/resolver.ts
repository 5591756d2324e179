/**
 * A process in a pod's network and mount namespaces that resolves names with the C library's getaddrinfo,
 * like an application. getaddrinfo runs on Node's own threads, which setns does not reach, and reads the
 * resolv.conf of its mount namespace; hence a process.
 */
import { lookup } from 'node:dns';
import { z } from 'zod';
import { MS_BIND, mount } from './libc.ts';
import { existsSync, realpathSync } from 'node:fs';

const resolverRequestSchema = z.strictObject({ id: z.number(), name: z.string() });
export const resolverMessageSchema = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ id: z.number(), outcome: z.string() }),
]);

/** Mounted over the machine's files. A symlink is followed, since only its target can be mounted on. */
const RESOLVER_FILES = ['resolv.conf', 'nsswitch.conf', 'hosts'] as const;

if (import.meta.main) {
  const [folder = ''] = process.argv.slice(2);
  for (const file of RESOLVER_FILES) {
    if (existsSync(`/etc/${file}`)) mount(`${folder}/${file}`, realpathSync(`/etc/${file}`), '', MS_BIND);
  }
  process.on('message', (message) => {
    const { id, name } = resolverRequestSchema.parse(message);
    lookup(name, { family: 0 }, (error) => {
      process.send?.({ id, outcome: error === null ? 'ok' : (error.code ?? error.message) });
    });
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ ready: true });
}
