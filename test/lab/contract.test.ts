import { netns } from '../../src/lab/netns/entry.ts';
import { labContract } from '../contract/lab.ts';
import { isRoot } from './command.ts';

labContract('netns', { open: netns.open, isReal: true, privileged: isRoot });
