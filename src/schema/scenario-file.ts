import { z } from 'zod';
import { protocolSchema } from './protocol.ts';

const { shape } = protocolSchema;

/** A run's folder has it in its name. */
export const scenarioNameSchema = z
  .string()
  .max(60)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'a name is lower case letters, digits and dashes');

/** What an editor says of each key. */
const HELP: Partial<Readonly<Record<keyof typeof shape, string>>> = {
  topology: 'The nodes, the pods on them, and the services in front of pods.',
  node: 'The node whose conntrack table is under test.',
  demand: 'What is asked for in every phase, the same each time.',
  background: 'Traffic beside the demand; its figures have its name.',
  events: 'Changes made in the middle of every phase, and undone at its end.',
  canaries: 'Connections held from before the fault to the end.',
  fault: 'The change that hurts.',
  symptom: 'What the fault is expected to bring, and the figure by which remedies are judged.',
  expectations: 'More that is expected, by phase: baseline, fault, or a remedy’s name.',
  show: 'The figures that are shown with the verdict, in this order.',
  inspect: 'Read from the entries themselves when a phase is over.',
  skip: 'Why this can’t be run, and the mend: nothing is run.',
  compressed: 'Which of the kernel’s times were shortened, and by what factor.',
  note: 'What a reader of the verdict has to know.',
  lifetime: 'How long an entry of this demand stays in the table, in seconds.',
  lifetimeSysctl: 'The timeout that lifetime comes from: net.netfilter.nf_conntrack_….',
  burst: 'The demand is one burst and does not go on: what meets it is cured.',
  remedies: 'Remedies that come with tablefull, and the status expected of each.',
  ownRemedies: 'Remedies of your own: changes, each of which is undone and read back.',
};

/** A scenario without parameters as a YAML file holds it: a protocol with a name. */
export const scenarioFileSchema = z
  .strictObject({
    name: scenarioNameSchema.describe('What the scenario is called; its runs have this name.'),
    summary: z.string().min(1).describe('What it shows, in a line.'),
    ...shape,
  })
  .meta({ title: 'A tablefull scenario' });

/** Its JSON Schema, for editors; schemas/scenario.schema.json is a copy of it. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const schema = { ...z.toJSONSchema(scenarioFileSchema, { target: 'draft-2020-12', io: 'input' }) };
  const properties = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const description = HELP[key as keyof typeof shape];
    return [
      key,
      typeof property === 'object' && description !== undefined ? { description, ...property } : property,
    ];
  });
  return { ...schema, properties: Object.fromEntries(properties) as unknown };
}
