import { expect, it } from 'vitest';
import { z } from 'zod';
import { eventSchema } from '../../../src/schema/history.ts';
import { matrixJsonSchema, verdictJsonSchema } from '../../../src/schema/json-schema.ts';
import { scenarioFileJsonSchema } from '../../../src/schema/scenario-file.ts';

type Node = Readonly<Record<string, unknown>>;

/** Every property without a description, by its path. That of a discriminator is the description of its object. */
function undescribed(node: unknown, path = ''): readonly string[] {
  if (Array.isArray(node)) return node.flatMap((each) => undescribed(each, path));
  if (typeof node !== 'object' || node === null) return [];
  const { properties = {}, ...rest } = node as Node;
  return [
    ...Object.entries(properties as Record<string, Node>).flatMap(([name, property]) => {
      const { description = property.const === undefined ? undefined : rest.description } = property;
      const at = `${path}/${name}`;
      return [...(description === undefined ? [at] : []), ...undescribed(property, at)];
    }),
    ...Object.entries(rest).flatMap(([name, each]) => undescribed(each, `${path}/${name}`)),
  ];
}

it.each([
  ['a scenario’s file', scenarioFileJsonSchema()],
  ['a history', z.toJSONSchema(eventSchema, { io: 'input' })],
  ['a verdict', verdictJsonSchema()],
  ['a matrix', matrixJsonSchema()],
])('every field of %s has a description', (_, schema) => {
  expect(undescribed(schema)).toEqual([]);
});
