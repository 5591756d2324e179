import { AppliedChanges } from '../../../src/agent/applied-changes.ts';
import type { Message } from '../../../src/agent/rpc.ts';
import { applyChange, type LabTarget } from '../../../src/change/index.ts';
import { BEFORE } from '../../../src/host/fake-host.ts';
import { nodeRequestSchema, type NodeAsk, type NodeRequest } from '../../../src/lab/kind/agent-rpc.ts';
import { agentDeathContract, type OpenMortal } from '../../contract/agent-death.ts';
import { answersOf, deliverOnDemand, linkTo, UP } from '../agent/link.ts';
import { MemoryHosts } from '../host/memory-hosts.ts';
import { fakeKindLab } from './fake-labs.ts';
import { memoryPhase } from './memory-phase.ts';
import { stub } from '../support/stub.ts';

const [SURVIVOR, VICTIM] = ['worker-1', 'worker-2'] as const;
const NEVER = new Promise<never>(() => undefined);

/** A lab on two agents in memory, each with changes of its own on a host in memory. */
const open: OpenMortal = async (options) => {
  const hosts = new MemoryHosts();
  const standing = new Set<string>();
  const programs: string[] = [];

  const agentOn = (node: string) => {
    const target = stub<LabTarget>({ nodes: () => [hosts.get(node)], byLab: {} });
    let undoAll = (): Promise<void> => Promise.resolve();
    const work = (say: (message: Message) => void) => {
      const answers = answersOf(say, ({ now, emit, deliver }) => {
        const told = (event: Parameters<typeof emit>[0]): void => {
          emit(event);
          deliver();
        };
        const applied = new AppliedChanges(
          async (change) => {
            const [program = ''] = change.kind === 'command' ? change.run : [];
            if (node === VICTIM) programs.push(program);
            if (node === VICTIM && program === 'sleep') await NEVER;
            return applyChange(change, target);
          },
          [],
          (event) => {
            told({ ...event, t: now() });
          },
        );
        undoAll = () => applied.undoAll();
        const take = memoryPhase(node, { standing, finished: NEVER, failing: () => undefined });
        return {
          apply: (change, cycle) => applied.apply(change, cycle),
          undo: (id) => applied.undo(id),
          phase: (phase, step) => {
            if (step === 'offer' && node === VICTIM) told({ type: 'phase', t: now(), phase, edge: 'start' });
            return take(step);
          },
        };
      });
      return (request: NodeRequest): unknown => {
        if ('applied' in request || 'phase' in request || request.method === 'apply')
          return answers.answer(request);
        return request.method === 'up' ? answers.answer(request) : undefined;
      };
    };
    const { asked, lose } = linkTo<NodeAsk>(nodeRequestSchema, work, options.sink);
    const ask = (request: NodeAsk, signal: AbortSignal) => asked.ask(request, signal);
    return { node, lost: asked.lost, ask, lose, undoAll: () => undoAll() };
  };

  const links = [SURVIVOR, VICTIM].map(agentOn);
  const [survivor, victim] = links;
  for (const { ask } of links) await ask(UP, options.signal);
  const { lab } = fakeKindLab(options, { agents: { links, down: async () => survivor?.undoAll() } });
  return {
    ...{ lab, victim: VICTIM, survivors: [SURVIVOR] },
    programs: () => Promise.resolve(programs),
    kill: () => Promise.resolve(victim?.lose(`the agent on ${VICTIM} is gone`)),
    // A guardian restores the victim's node.
    remains: () => {
      const changed = [...hosts.get(SURVIVOR).sysctls].filter(([, value]) => value !== BEFORE);
      return Promise.resolve(
        [...standing].filter((each) => each.startsWith(SURVIVOR)).concat(changed.flat()),
      );
    },
  };
};

deliverOnDemand();
agentDeathContract('in memory', false, open);
