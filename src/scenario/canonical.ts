import { formatExpectation, parseExpectation, type Term } from '../schema/expectation.ts';
import { canonicalFigure } from '../figure/names.ts';
import type { Protocol } from '../schema/protocol.ts';

/** The protocol with every figure under its name in a verdict. */
export function canonical(protocol: Protocol): Protocol {
  const figure = (name: string): string => canonicalFigure(name, protocol);
  const term = ({ phase, figure: name }: Term): Term => ({ phase, figure: figure(name) });
  const expectation = (text: string): string => {
    const read = parseExpectation(text);
    const { term: left, other } = read;
    return formatExpectation({ ...read, term: term(left), other: other && term(other) });
  };
  const { symptom, show, expectations } = protocol;
  return {
    ...protocol,
    symptom: {
      ...symptom,
      when: symptom.when.map(expectation),
      provenBy: symptom.provenBy.map(expectation),
      loss: figure(symptom.loss),
    },
    show: show.map(figure),
    expectations: Object.fromEntries(
      Object.entries(expectations).map(([phase, texts]) => [phase, texts.map(expectation)]),
    ),
  };
}
