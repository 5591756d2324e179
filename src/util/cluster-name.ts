/** Names of kept clusters. kind uses them in container names, which are host names too. */
export const CLUSTER_NAME = { most: 40, says: 'lower case letters, digits, dots and dashes' } as const;

/** Whether it is a valid cluster name: it becomes a folder and an argument of programs. */
export function isClusterName(name: string): boolean {
  return name.length <= CLUSTER_NAME.most && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name);
}
