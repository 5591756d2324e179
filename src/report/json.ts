import type { Writable } from 'node:stream';
import { jsonText } from '../util/printable.ts';
import type { Reporter } from '../run/reporter.ts';

/** The verdict as one JSON document, and nothing else, on one stream; its schema is schemas/verdict.schema.json. */
export function jsonReporter(out: Writable): Reporter {
  return {
    end(verdict) {
      out.write(`${jsonText(verdict)}\n`);
    },
  };
}
