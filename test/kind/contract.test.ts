import { describe } from 'vitest';
import { kindLab } from '../../src/lab/kind/entry.ts';
import { labContract } from '../contract/lab.ts';
import { CLUSTER, dockerMissing } from './cluster.ts';

const missing = await dockerMissing();

describe.skipIf(missing !== undefined)(
  `on a kind cluster${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    labContract('kind', {
      open: kindLab({ reuse: CLUSTER, settings: {} }).open,
      isReal: true,
      privileged: true,
      inNode: ['chroot', '/proc/1/root'],
    });
  },
);
