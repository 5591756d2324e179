import { CLUSTER, dockerMissing, tablefull } from './cluster.ts';

/** One cluster for all the files of this project. @returns what takes it down */
export default async function setup(): Promise<() => Promise<void>> {
  if ((await dockerMissing()) !== undefined) return () => Promise.resolve();
  await tablefull('lab', 'up', 'kind', '--name', CLUSTER);
  return async () => {
    await tablefull('lab', 'down', CLUSTER);
  };
}
