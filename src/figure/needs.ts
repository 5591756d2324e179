import { k6Loads, type Protocol } from '../schema/protocol.ts';
import type { Load } from '../load/index.ts';
import type { App } from '../server/apps.ts';

/** What a protocol must have for a figure to be read. */
export interface Need {
  /** What to add: `inspect: [states]`. */
  readonly what: string;
  readonly met: (protocol: Protocol) => boolean;
}

type Inspected = Protocol['inspect'][number];

/** @param others alternatives that satisfy the need */
export function inspects(what: Inspected, ...others: readonly Inspected[]): Need {
  return {
    what: `inspect: [${what}]`,
    met: ({ inspect }) => [what, ...others].some((each) => inspect.includes(each)),
  };
}

export function serves(app: App): Need {
  return {
    what: `a service with app: ${app}`,
    met: ({ topology }) => Object.values(topology.services).some((service) => service.app === app),
  };
}

export function demands(kind: Load['kind']): Need {
  return { what: `a demand of kind ${kind}`, met: ({ demand }) => demand.kind === kind };
}

/** The figures that a protocol's loads of one's own declare. */
export function ownFigures({ demand, background }: Protocol): readonly string[] {
  return [demand, ...Object.values(background)].flatMap((load) =>
    load.kind === 'own' ? Object.keys(load.figures) : [],
  );
}

export const AN_OWN_LOAD: Need = {
  what: 'a load of one’s own that declares figures',
  met: (protocol) => ownFigures(protocol).length > 0,
};

export const A_SCRIPT: Need = {
  what: 'a load of kind k6',
  met: (protocol) => k6Loads(protocol).length > 0,
};
