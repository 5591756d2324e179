type Schema = Readonly<Record<string, unknown>>;

/** Prefix of the definitions whose keys may be missing. */
const PARTIAL = 'partial-';
const DEFS = '#/$defs/';

interface Partial {
  readonly schema: Schema;
  /** The definitions that it refers to beside the given ones. */
  readonly $defs: Readonly<Record<string, Schema>>;
}

/**
 * The JSON Schema of a merge patch: no key is required, and `null` removes one. Items of lists stay whole,
 * because a list replaces another.
 *
 * @param $defs the definitions that the schema refers to
 */
export function partial(schema: Schema, $defs: object): Partial {
  const definitions = Object.entries($defs as Record<string, Schema>).map(
    ([name, definition]) => [`${PARTIAL}${name}`, loosened(definition)] as const,
  );
  return { schema: loosened(schema), $defs: Object.fromEntries(definitions) };
}

function loosened(schema: Schema): Schema {
  const { required: _, default: __, properties, additionalProperties, oneOf, anyOf, $ref, ...rest } = schema;
  const options = (oneOf ?? anyOf) as readonly Schema[] | undefined;
  return {
    ...rest,
    ...(typeof $ref === 'string' && { $ref: $ref.replace(DEFS, `${DEFS}${PARTIAL}`) }),
    // Without required keys more than one option may match.
    ...(options !== undefined && { anyOf: options.map(loosened) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties as Record<string, Schema>).map(([name, each]) => [name, removable(each)]),
      ),
    }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object'
          ? removable(additionalProperties as Schema)
          : additionalProperties,
    }),
  };
}

function removable(schema: Schema): Schema {
  if (schema.const !== undefined) return schema;
  const { description } = schema;
  return {
    ...(description !== undefined && { description }),
    anyOf: [loosened(schema), { type: 'null' }],
  };
}
