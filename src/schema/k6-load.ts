import { z } from 'zod';
import { count, seconds } from '../util/bounds.ts';

/** How a variable may be called that a script reads from `__ENV`. */
const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'a variable is capitals, digits and underscores');

/** How an extension is imported by a script. */
const extension = z
  .string()
  .regex(/^k6\/x\/[a-z0-9][a-z0-9/_-]*$/, 'an extension is what a script imports, as k6/x/NAME');

/**
 * A k6 script, run by the k6 binary in the network namespace of each pod; several pods share what the script offers.
 * What is counted are its HTTP requests.
 */
export const k6Schema = z.strictObject({
  kind: z.literal('k6'),
  pods: z.string(),
  /** NAME.k6.ts beside the scenario: relative to a YAML file, and from a module `new URL('NAME.k6.ts', import.meta.url).href`. */
  script: z.string().regex(/\.k6\.[jt]s$/, 'a k6 script’s name ends in .k6.ts'),
  /** k6's program; where it is left out it is looked for, and where there is none the scenario is skipped. */
  program: z.string().optional(),
  /** Services by the variable that hands them over, as `http://ADDRESS:PORT`. */
  services: z.record(variable, z.string()).default({}),
  /** Further variables; REQUESTS, SECONDS and TIMEOUT (`500ms`) are always there. */
  env: z.record(variable, z.string()).default({}),
  /** Requests in the whole phase; a script that makes fewer was itself the bottleneck. */
  requests: count,
  /** How long they are spread over. */
  seconds,
  /** The script is to give a request up after so many seconds; of one that never connected k6 does not say since when. */
  timeout: seconds,
  /** false: a new connection a request, whatever the script's options say; true: each virtual user keeps its own. */
  reuse: z.boolean().default(false),
  /** The Go module, or the folder beside the scenario, of each extension that the script imports. */
  extensions: z.record(extension, z.string().min(1)).default({}),
});

export type K6 = z.infer<typeof k6Schema>;
