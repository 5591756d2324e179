/** What `schema` prints the JSON Schema of. */
export const SCHEMA_NAMES = ['verdict', 'scenario'] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];
