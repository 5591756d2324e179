/**
 * Builds dist/ (.js and .d.ts of src and scenarios): Node runs a checkout's sources, but strips no types
 * under node_modules.
 */
import { chmodSync, rmSync } from 'node:fs';
import { execaSync } from 'execa';

rmSync('dist', { recursive: true, force: true });
execaSync('tsc', ['-p', 'tsconfig.build.json'], { preferLocal: true, stdio: 'inherit' });
chmodSync('dist/src/cli/bin.js', 0o755);
