import { z } from 'zod';

/** A Kubernetes object as far as every kind has the same fields. */
export const objectSchema = z.looseObject({
  apiVersion: z.string().min(1).describe('The API group and version: `apps/v1`.'),
  kind: z.string().min(1).describe('The kind: `DaemonSet`.'),
  metadata: z
    .looseObject({
      name: z.string().optional().describe('The object’s name.'),
      namespace: z.string().optional().describe('The object’s namespace. Default: `default`.'),
    })
    .optional()
    .describe('Its name and namespace.'),
});
export type ManifestObject = z.infer<typeof objectSchema>;
