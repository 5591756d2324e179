import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestModule } from 'vitest/node';

/** Lines of a message: a screen of 80×24, and what is said of it. */
const LINES = 28;

/** Says at the very end what failed and why, for whoever sees only the end of a log. */
export const failures: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    for (const module of modules)
      for (const test of module.children.allTests('failed')) {
        const messages = (test.result().errors ?? []).map(({ message }) => message);
        const lines = stripVTControlCharacters(messages.join('\n')).split('\n').slice(0, LINES);
        console.error([`failed: ${module.relativeModuleId}: ${test.fullName}`, ...lines].join('\n  '));
      }
  },
};
