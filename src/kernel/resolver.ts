/**
 * A process in one pod's network and mount namespaces that resolves names with the C library's getaddrinfo,
 * as an application there would. It is a process because getaddrinfo runs on Node's own threads, where no
 * setns reaches, and because the C library reads the resolv.conf of its mount namespace.
 */
import { lookup } from 'node:dns';
import { z } from 'zod';
import { MS_BIND, mount } from './libc.ts';
import { existsSync, realpathSync } from 'node:fs';

export const resolverRequestSchema = z.strictObject({ id: z.number(), name: z.string() });
export const resolverMessageSchema = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ id: z.number(), outcome: z.string() }),
]);

/** The pod's own files over the machine's; a symlink is followed, since only its end can be mounted on. */
export const RESOLVER_FILES = ['resolv.conf', 'nsswitch.conf', 'hosts'] as const;

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
