import { expect, it } from 'vitest';
import { failureLine, lastWords } from '../../../src/lab/netns/last-words.ts';

it('an agent that ends by an error says which, whatever is written around it', () => {
  const line = failureLine(new Error('socket: EACCES:\n  permission denied'));
  expect(
    lastWords(`(node:7) Warning: x\n${line}    at async work (agent.ts:1:1)\n}\n\nNode.js v24.21.0\n`),
  ).toBe('agent failed: socket: EACCES: permission denied');
});

it('an agent that ends without a word of its own is known by the last three lines, if any', () => {
  expect(lastWords('a\nb\nc\nd\n')).toBe('b c d');
  expect(lastWords('')).toBeUndefined();
});
