/** The formats that `schema` knows. */
export const SCHEMA_NAMES = ['verdict', 'scenario', 'suite', 'suite-file', 'comparison', 'matrix'] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];
