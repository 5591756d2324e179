import type { Writable } from 'node:stream';
import { jsonText } from '../util/printable.ts';
import type { Reporter } from '../run/reporter.ts';

/** Writes the verdict as one JSON document (schemas/verdict.schema.json). */
export function jsonReporter(out: Writable): Reporter {
  return {
    end(verdict) {
      out.write(`${jsonText(verdict)}\n`);
    },
  };
}
