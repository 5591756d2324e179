/** What a scenario of your own imports: `import { defineScenario } from 'tablefull'`. */
export { forgedSegment } from './fault/forged-segment.ts';
export { squeeze } from './fault/squeeze.ts';
export { connectOnce } from './load/connect-once.ts';
export type { LoadContext, LoadPod, LoadService } from './load/context.ts';
export { offerEvenly } from './load/offer-evenly.ts';
export { judge } from './judge/judge.ts';
export { verdictSchema, type Verdict } from './schema/verdict.ts';
export { eventSchema, type History } from './schema/history.ts';
export { defineScenario, type Scenario } from './scenario/define.ts';
export { kernelAtLeast, type Environment } from './scenario/environment.ts';
export { defineLoad, type LoadDefinition, type LoadMaker, type OwnLoad } from './scenario/own-load.ts';
export { seconds } from './util/bounds.ts';
export { z } from 'zod';
export type { Change } from './change/index.ts';
export type { Protocol } from './schema/protocol.ts';
