import { z } from 'zod';

/**
 * The name of a sysctl that a network namespace may have for itself, as in sysctl(8). Any other is the whole
 * machine's: as root a sandbox could write it, and nothing would restore it.
 */
export const sysctlName = z
  .string()
  .regex(/^net\.[A-Za-z0-9_.-]+$/, 'a node or a pod has only the sysctls below net: net.…');
