import { z } from 'zod';
import { LAB_SETTINGS, type Settings } from '../change/target.ts';
import type { Trace } from '../host/traced.ts';
import type { CallSettings } from '../server/http-app.ts';

const callsSchema: z.ZodType<CallSettings> = z.object({ reuse: z.boolean(), trailingDot: z.boolean() });
const dnsSchema = z.object({ ttl: z.number() });

type Values = Readonly<Record<string, unknown>>;

/** Settings by name: of each load, of the apps' calls, of the lab's DNS. Readers fetch them on each use. */
export class LabSettings implements Settings {
  readonly #values: Map<string, Values>;
  readonly #trace: Trace;

  constructor(values: Readonly<Record<string, Values>>, trace: Trace) {
    this.#values = new Map(Object.entries(values));
    this.#trace = trace;
  }

  get(name: string): Values {
    const values = this.#values.get(name);
    if (values === undefined)
      throw new Error(`there is no load ${name}: use ${[...this.#values.keys()].join(', ')}`);
    return values;
  }

  /** How the apps behind services make their calls. */
  get calls(): CallSettings {
    return callsSchema.parse(this.get(LAB_SETTINGS.calls));
  }

  /** TTL of the lab DNS's answers, s. */
  get recordTtl(): number {
    return dnsSchema.parse(this.get(LAB_SETTINGS.dns)).ttl;
  }

  set(name: string, values: Values): void {
    const before = this.get(name);
    const changed = Object.entries(values).filter(([key, value]) => before[key] !== value);
    this.#trace('lab', `${name}: ${changed.map(([key, value]) => `${key}=${String(value)}`).join(' ')}`);
    this.#values.set(name, values);
  }
}
