import { expect, it, vi } from 'vitest';
import { dockerAnswers } from '../../../../src/lab/kind/outside/checks.ts';

it('a machine without docker is told so in one line, with the fix', async () => {
  vi.stubEnv('PATH', '/nowhere');
  await expect(dockerAnswers()).rejects.toThrow(
    /^docker: there is no such program; install Docker, or run `make kind-image`, which does$/,
  );
});
