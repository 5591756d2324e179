import type { Load, LoadKind } from '../schema/load.ts';
import type { LoadContext } from './context.ts';

/** How one kind of demand is offered: once, until the last of it has ended. */
export interface LoadRunner<K extends LoadKind = LoadKind> {
  readonly kind: K;
  readonly summary: string;
  readonly run: (load: Extract<Load, { kind: K }>, context: LoadContext) => Promise<void>;
}
