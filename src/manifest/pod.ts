import { z } from 'zod';
import type { ManifestObject } from './documents.ts';

/** Boolean fields may be absent or null. */
const flag = z.boolean().nullish();
const words = z.array(z.coerce.string()).nullish();

const containerSchema = z.looseObject({
  name: z.string().default('?').describe('The container’s name.'),
  image: z.string().default('').describe('Its image.'),
  command: words.describe('Its program, in place of the image’s.'),
  args: words.describe('Arguments of its program.'),
  env: z
    .array(z.looseObject({ name: z.string(), value: z.coerce.string().optional() }))
    .nullish()
    .describe('Environment variables.'),
  securityContext: z
    .looseObject({
      privileged: flag,
      capabilities: z.looseObject({ add: words }).nullish(),
    })
    .nullish()
    .describe('Its privileges.'),
  volumeMounts: z
    .array(z.looseObject({ name: z.string(), mountPath: z.string(), subPath: z.string().optional() }))
    .nullish()
    .describe('Where its volumes are.'),
});
export type Container = z.infer<typeof containerSchema>;

const volumeSchema = z.looseObject({
  name: z.string(),
  hostPath: z.looseObject({ path: z.string() }).nullish(),
  configMap: z
    .looseObject({
      name: z.string().optional(),
      items: z.array(z.looseObject({ key: z.string(), path: z.string() })).nullish(),
    })
    .nullish(),
});

const podSpecSchema = z.looseObject({
  hostNetwork: flag.describe('Whether the pod is on its node’s network.'),
  hostPID: flag.describe('Whether the pod sees its node’s processes.'),
  nodeSelector: z.record(z.string(), z.string()).nullish(),
  affinity: z.looseObject({}).nullish(),
  securityContext: z
    .looseObject({
      sysctls: z.array(z.looseObject({ name: z.string(), value: z.coerce.string() })).nullish(),
    })
    .nullish()
    .describe('The pod’s own sysctls.'),
  dnsPolicy: z.string().nullish(),
  dnsConfig: z
    .looseObject({
      nameservers: z.array(z.string()).nullish(),
      searches: z.array(z.string()).nullish(),
      options: z.array(z.looseObject({ name: z.string(), value: z.coerce.string().nullish() })).nullish(),
    })
    .nullish()
    .describe('What the kubelet writes into resolv.conf.'),
  initContainers: z.array(containerSchema).nullish(),
  containers: z.array(containerSchema).nullish(),
  volumes: z.array(volumeSchema).nullish(),
});
export type PodSpec = z.infer<typeof podSpecSchema>;

const templatedSchema = z.looseObject({
  spec: z.looseObject({ template: z.looseObject({ spec: podSpecSchema }) }),
});
const cronJobSchema = z.looseObject({
  spec: z.looseObject({ jobTemplate: templatedSchema }),
});
const podSchema = z.looseObject({ spec: podSpecSchema });

/**
 * The spec of an object's pods, of whatever kind it is.
 *
 * @returns undefined for an object without pods; `why` for a spec that the API server would refuse
 */
export function podSpecOf(object: ManifestObject): PodSpec | { readonly why: string } | undefined {
  const shape = shapeOf(object);
  if (shape === undefined) return undefined;
  const parsed = shape.safeParse(object);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return { why: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}` };
}

const asSpec = {
  pod: podSchema.transform(({ spec }) => spec),
  template: templatedSchema.transform(({ spec }) => spec.template.spec),
  cronJob: cronJobSchema.transform(({ spec }) => spec.jobTemplate.spec.template.spec),
};

function shapeOf(object: ManifestObject) {
  switch (object.kind) {
    case 'Pod':
      return asSpec.pod;
    case 'DaemonSet':
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
    case 'Job':
      return asSpec.template;
    case 'CronJob':
      return asSpec.cronJob;
    case 'Patch':
      return templatedSchema.safeParse(object).success ? asSpec.template : asSpec.pod;
    default:
      return undefined;
  }
}
