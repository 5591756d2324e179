/** What a scenario of your own imports: `import { defineScenario } from 'tablefull'`. */
export { forgedSegment } from './fault/forged-segment.ts';
export { squeeze } from './fault/squeeze.ts';
export { judge } from './judge/judge.ts';
export { verdictSchema, type Verdict } from './judge/verdict.ts';
export { eventSchema, type History } from './run/history.ts';
export { defineScenario, kernelAtLeast, type Environment, type Scenario } from './scenario/define.ts';
export type { Change } from './scenario/change.ts';
export type { Protocol } from './scenario/protocol.ts';
