/** Every work, in the order of the table. To add one, write a file in works/ and a line here. */
import type { Work } from './work.ts';
import { fill } from './works/fill.ts';
import { datagrams, handshakes } from './works/flows.ts';
import { held, million } from './works/held.ts';
import { http } from './works/http.ts';
import { labSize } from './works/lab-size.ts';
import { lookups } from './works/lookups.ts';
import { rules } from './works/rules.ts';
import { matrix, saturate, start } from './works/runs.ts';
import { sampling } from './works/sampling.ts';

export const WORKS: readonly Work[] = [
  http,
  rules,
  handshakes,
  datagrams,
  held,
  million,
  fill,
  lookups,
  sampling,
  labSize,
  saturate,
  matrix,
  start,
];
