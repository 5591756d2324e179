import { z } from 'zod';
import { count, seconds } from '../../util/bounds.ts';
import { podSet, spread } from '../fields.ts';

const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'a variable is capitals, digits and underscores');

/** How a script imports an extension. */
const extension = z
  .string()
  .regex(/^k6\/x\/[a-z0-9][a-z0-9/_-]*$/, 'an extension is what a script imports, as k6/x/NAME');

export const k6Schema = z
  .strictObject({
    kind: z.literal('k6'),
    pods: podSet.describe('The set of pods in which k6 runs; several pods share what the script offers.'),
    script: z
      .string()
      .regex(/\.k6\.[jt]s$/, 'a k6 script’s name ends in .k6.ts')
      .describe(
        '`NAME.k6.ts` beside the scenario: relative to a YAML file; in a module, `new URL(NAME, import.meta.url).href`.',
      ),
    program: z
      .string()
      .optional()
      .describe(
        'The path of k6’s program. Default: it is looked for, and the scenario is skipped where there is none.',
      ),
    services: z
      .record(variable, z.string())
      .default({})
      .describe('Services by the variable that hands them to the script, as `http://ADDRESS:PORT`.'),
    env: z
      .record(variable, z.string())
      .default({})
      .describe(
        'Further variables of the script. `REQUESTS`, `SECONDS` and `TIMEOUT` (`500ms`) are always there.',
      ),
    requests: count.describe(
      'HTTP requests in the whole phase. A script that makes fewer was itself the bottleneck.',
    ),
    seconds: spread,
    timeout: seconds('The script is to give a request up after so long.'),
    reuse: z
      .boolean()
      .default(false)
      .describe(
        '`true`: each virtual user keeps its connection; `false`: a new connection a request, whatever the script says.',
      ),
    extensions: z
      .record(extension, z.string().min(1))
      .default({})
      .describe(
        'The Go module, or the folder beside the scenario, of each extension that the script imports.',
      ),
  })
  .describe('a k6 script, run by k6 in the pods’ network namespaces');

export type K6 = z.infer<typeof k6Schema>;
