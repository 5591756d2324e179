import { z } from 'zod';
import { defineChange } from '../define.ts';
import { restorable } from '../restorable.ts';

/** A program and its arguments, without a shell. */
const words = z.tuple([z.string().min(1)], z.string());

export const command = defineChange({
  kind: 'command',
  doc:
    'Runs a program on one node, or on all, and another that undoes it. `check` must print the same before the change ' +
    'and after the undo. For remedies that no other kind of change covers.',
  fields: {
    node: z.string().describe('A node of the topology, or `all`.'),
    run: words.describe('The program that makes the change, and its arguments.'),
    undo: words.describe('The program that undoes it.'),
    check: words.describe('The program that prints the state that the undo must restore.'),
  },
  notAs: { fault: 'a fault can’t be a command, because it is not undone; use another kind' },
  outlives: true,
  runs: ({ run, undo, check }) =>
    `the programs ${[run, undo, check].map((words) => words.join(' ')).join('; ')}`,
  apply: ({ node, run, undo, check }, target) =>
    restorable(
      target.nodes(node).map((host) => ({
        name: host.name,
        read: () => host.run(check),
        make: () => host.run(run),
        restore: () => host.run(undo),
      })),
    ),
});
