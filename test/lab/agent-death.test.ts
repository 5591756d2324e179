import { readFileSync } from 'node:fs';
import { netns } from '../../src/lab/netns/entry.ts';
import { agentDeathContract } from '../contract/agent-death.ts';
import { isRoot } from './command.ts';

/** The words of a process of this machine; none once it has ended. */
function wordsOf(pid: number): readonly string[] {
  return textOf(pid, 'cmdline').split('\0');
}

function childrenOf(pid: number): readonly number[] {
  return textOf(pid, `task/${String(pid)}/children`)
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

agentDeathContract('netns', isRoot, async (options) => {
  const lab = await netns.open(options);
  const first = lab.hands?.().pid ?? 0;
  // Beside the agent runs what waits for the harness's end.
  const agent = childrenOf(first).find((pid) =>
    wordsOf(pid).some((word) => word.endsWith('/inside/agent.ts')),
  );
  if (agent === undefined) throw new Error('the sandbox has no agent');
  return {
    ...{ lab, victim: options.protocol.node, survivors: [] },
    programs: () => Promise.resolve(childrenOf(agent).flatMap((pid) => wordsOf(pid).slice(0, 1))),
    kill: () => Promise.resolve(void process.kill(agent, 'SIGKILL')),
    remains: () =>
      Promise.resolve([first, agent].filter((pid) => wordsOf(pid).join('') !== '').map((pid) => String(pid))),
  };
});
