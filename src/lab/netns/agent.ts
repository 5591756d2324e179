/**
 * The process that builds and runs a lab from inside its capsule. It has no privileges outside it (but see lent.ts),
 * holds nothing that needs undoing, and ends with the capsule.
 */
import { mkdirSync } from 'node:fs';
import { mount } from '../../kernel/libc.ts';
import { CapsuleLab } from './capsule-lab.ts';
import { NotRestored } from './done.ts';
import { requestSchema, type Message, type Request } from './rpc.ts';

let lab: CapsuleLab | undefined;

function say(message: Message): void {
  process.send?.(message);
}

async function answer(request: Request): Promise<number | undefined> {
  if (request.method === 'up') {
    lab = await CapsuleLab.up(request, (events) => {
      say({ events });
    });
    return undefined;
  }
  if (lab === undefined) throw new Error(`${request.method} before up`);
  switch (request.method) {
    case 'phase':
      await lab.phase(request.phase);
      return undefined;
    case 'apply':
      return lab.apply(request.change, request.cycle);
    case 'undo':
      await lab.undo(request.applied);
      return undefined;
    case 'clear':
      lab.clear();
      return undefined;
  }
}

process.on('message', (message) => {
  const request = requestSchema.parse(message);
  answer(request).then(
    (result) => {
      say(result === undefined ? { id: request.id } : { id: request.id, result });
    },
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      say({ id: request.id, error: message, notRestored: error instanceof NotRestored });
    },
  );
});

// /run is covered so that ip can name namespaces without root, and so that no name service daemon is found there.
mount('tmpfs', '/run', 'tmpfs', 0);
mkdirSync('/run/netns');
say({ ready: true });
