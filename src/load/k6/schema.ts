import { z } from 'zod';
import { count, seconds } from '../../util/bounds.ts';
import { podSet, spread } from '../fields.ts';

const variable = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'a variable has only capitals, digits and underscores');

/** How a script imports an extension. */
const extension = z
  .string()
  .regex(/^k6\/x\/[a-z0-9][a-z0-9/_-]*$/, 'an extension is named as scripts import it: k6/x/NAME');

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
        'The path of k6’s program. Default: it is searched for, and without it the scenario is skipped.',
      ),
    services: z
      .record(variable, z.string())
      .default({})
      .describe('Services by script variable; its value is `http://ADDRESS:PORT`.'),
    env: z
      .record(variable, z.string())
      .default({})
      .describe(
        'Further variables of the script. `REQUESTS`, `SECONDS` and `TIMEOUT` (`500ms`) are always set.',
      ),
    requests: count.describe(
      'HTTP requests in the whole phase. A script that makes fewer was itself the bottleneck.',
    ),
    seconds: spread,
    timeout: seconds('The script’s timeout of a request.'),
    reuse: z
      .boolean()
      .default(false)
      .describe(
        '`true`: each virtual user keeps its connection; `false`: a new connection per request, whatever the script says.',
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
