import { CLUSTER, dockerMissing, tablefull } from './cluster.ts';

/** The cluster that all these tests share. @returns its deletion */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if ((await dockerMissing()) !== undefined) return undefined;
  await tablefull('lab', 'up', 'kind', '--name', CLUSTER);
  return async () => {
    await tablefull('lab', 'down', CLUSTER);
  };
}
