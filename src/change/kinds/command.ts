import { z } from 'zod';
import { defineChange } from '../define.ts';
import { restorable } from '../restorable.ts';

/** A program and its arguments, without a shell. */
const words = z.tuple([z.string().min(1)], z.string());

export const command = defineChange({
  kind: 'command',
  doc:
    'Runs a program on a node, or on every one, and another that undoes it. What `check` prints before must be what it ' +
    'prints after the undo. For remedies of one’s own that no other kind of change covers.',
  fields: {
    node: z.string().describe('A node of the topology, or `all`.'),
    run: words.describe('The program that makes the change, and its arguments.'),
    undo: words.describe('The program that undoes it.'),
    check: words.describe('The program whose output tells whether the change stands.'),
  },
  nodes: ({ node }) => [node],
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
