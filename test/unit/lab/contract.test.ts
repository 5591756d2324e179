import { netns } from '../../../src/lab/netns/entry.ts';
import { labContract } from '../../contract/lab.ts';

labContract('in memory', {
  open: netns.rehearse(() => undefined),
  isReal: false,
  privileged: false,
});
