import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { PAGE_KINDS } from '../../src/cli/screen/pages.ts';
import type { Kind, Names } from './kinds.ts';

const LONGEST = 40;
/** Comments and quoted text, whose words are no names. */
const PROSE = /\/\*[^]*?\*\/|\/\/.*|'[^'\n]*'/g;

/** Why a kind can't have a new thing of this name; undefined where it can. @param code what its names join */
export function whyNot(kind: Kind, name: string, root: string, code: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    return `${name}: a name has lower case letters, digits and single dashes, and begins with a letter: slow-start`;
  if (name.length > LONGEST) return `${name}: a name has at most ${String(LONGEST)} characters`;
  const { id, Id } = namesOf(name);
  if (isReserved(id)) return `${name}: ${id} is a word of JavaScript; use another name`;
  const words = new Set(code.replaceAll(PROSE, '').match(/[A-Za-z_$][\w$]*/g));
  const taken = [id, Id].find((word) => words.has(word));
  if (taken !== undefined) return `${name}: the code beside it has a ${taken} already; use another name`;
  const page = PAGE_KINDS.map((folder) => `docs/explanation/${folder}/${name}.md`).find((path) =>
    existsSync(join(root, path)),
  );
  if (kind.explained && page !== undefined)
    return `${name}: ${page} exists, and \`tablefull explain\` needs a unique name; use another name`;
  const file = Object.values(kind.files(name)).find((path) => existsSync(join(root, path)));
  return file === undefined ? undefined : `${file} exists already; use another name`;
}

export function namesOf(name: string): Names {
  const id = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { name, id, Id: id.charAt(0).toUpperCase() + id.slice(1) };
}

/** Whether a module can't declare a variable of this name. */
function isReserved(id: string): boolean {
  try {
    new Script(`'use strict'; async () => { let ${id}; }`);
    return false;
  } catch {
    return true;
  }
}
