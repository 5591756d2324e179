/** How a kept cluster may be called. kind puts it into the names of its containers, which are host names as well. */
export const CLUSTER_NAME = { most: 40, says: 'lower case letters, digits, dots and dashes' } as const;

/** May a cluster be called so? It is a folder’s name too, and an argument of other programs. */
export function isClusterName(name: string): boolean {
  return name.length <= CLUSTER_NAME.most && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name);
}
