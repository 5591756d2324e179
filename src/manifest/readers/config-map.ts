import { z } from 'zod';
import type { ManifestObject } from '../documents.ts';

const dataSchema = z.looseObject({ data: z.record(z.string(), z.string()).nullish() });

/** The files of a ConfigMap. */
export function dataOf(object: ManifestObject): Readonly<Record<string, string>> {
  return dataSchema.safeParse(object).data?.data ?? {};
}
