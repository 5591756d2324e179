import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { connectFrom } from '../../../src/kernel/connect.ts';
import { resetsOrphans, resetTcp } from '../../../src/kernel/sock-diag.ts';
import { tcpListener } from '../../../src/kernel/socket.ts';
import { describeLab, openTestLab, SERVER_IP } from '../kernel-lab.ts';

const PORT = 80;
/** The server's pod falls silent. */
const SILENT = `
table ip silent {
  chain input { type filter hook input priority 0; drop; }
}
`;

const old = resetsOrphans() ? '' : ' (skipped: needs Linux 6.11)';

describeLab('Resetting TCP sockets', () => {
  it.skipIf(old !== '')(
    `orphans are reset and no others; then all that is connected, on both ends${old}`,
    async () => {
      await using lab = await openTestLab();
      const server = createServer().listen({ fd: tcpListener(lab.server, SERVER_IP, PORT) });
      using _ = { [Symbol.dispose]: () => void server.close() };
      await once(server, 'listening');
      const opened = async (): Promise<readonly [client: Socket, accepted: Socket]> => {
        const accepted = once(server, 'connection') as Promise<[Socket]>;
        const client = connectFrom(lab.client, SERVER_IP, PORT).on('error', () => undefined);
        const [socket] = await accepted;
        socket.on('error', () => undefined);
        return [client, socket];
      };
      const [closed] = await opened();
      const [kept, keptByServer] = await opened();
      await lab.server.within(() => execa('nft', ['-f', '-'], { input: SILENT }));
      closed.destroy();
      await once(closed, 'close');

      expect(resetTcp(lab.server, 'orphans')).toBe(0);
      expect(resetTcp(lab.client, 'orphans')).toBe(1);
      expect(resetTcp(lab.client, 'orphans')).toBe(0);
      expect(kept.closed).toBe(false);

      // A reset is an error first, on which once() would reject.
      const ends = [kept, keptByServer].map((end) => new Promise((resolve) => end.once('close', resolve)));
      expect(resetTcp(lab.client, 'all')).toBe(1);
      // The client of one has gone without a word that the silent server heard.
      expect(resetTcp(lab.server, 'all')).toBe(2);
      await Promise.all(ends);
      expect(server.listening).toBe(true);
    },
  );
});
