import { termsOf, type Term } from './expectation.ts';
import type { Protocol } from './protocol.ts';

/** A figure that a protocol names. */
export interface Named extends Term {
  /** The path in the protocol: `symptom.when.0`. */
  readonly place: string;
}

/** Every expectation of a protocol. */
export function expectationsIn({
  symptom,
  expectations,
}: Protocol): readonly { readonly place: string; readonly text: string }[] {
  const at = (place: string, texts: readonly string[]) =>
    texts.map((text, i) => ({ place: `${place}.${String(i)}`, text }));
  return [
    ...at('symptom.when', symptom.when),
    ...at('symptom.provenBy', symptom.provenBy),
    ...Object.entries(expectations).flatMap(([phase, texts]) => at(`expectations.${phase}`, texts)),
  ];
}

export function figuresNamed(protocol: Protocol): readonly Named[] {
  const plain = (place: string, figure: string): Named => ({ place, phase: undefined, figure });
  return [
    plain('symptom.loss', protocol.symptom.loss),
    ...protocol.show.map((figure, i) => plain(`show.${String(i)}`, figure)),
    ...expectationsIn(protocol).flatMap(({ place, text }) =>
      termsOf(text).map((term) => ({ place, ...term })),
    ),
  ];
}

/** The percentiles that a protocol names; others are not computed. */
export function percentilesIn(protocol: Protocol): readonly number[] {
  return figuresNamed(protocol).flatMap(({ figure }) => {
    const per = /\.p\((\d+(?:\.\d+)?)\)$/.exec(figure)?.[1];
    return per === undefined ? [] : [Number(per)];
  });
}
