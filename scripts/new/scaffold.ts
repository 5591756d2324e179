import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { format, resolveConfig } from 'prettier';
import type { Kind, Names } from './kinds.ts';
import { registered, withRow } from './lists.ts';
import { namesOf, whyNot } from './names.ts';

/** What was asked for can't be written, and nothing was. The message says why, and the fix. */
export class Refused extends Error {}

/** What was written, by its path in the checkout, and what to do next. */
export interface Written {
  readonly written: readonly string[];
  readonly next: readonly string[];
}

/**
 * Writes all files of a new thing, or none.
 *
 * @param root of a checkout of this repository, with its packages installed
 * @throws Refused
 */
export async function scaffold(kind: Kind, name: string, root: string): Promise<Written> {
  const { list } = kind;
  if (!existsSync(join(root, list.path)))
    throw new Refused(`${root} has no ${list.path}; name a checkout of this repository with --into`);
  const listed = await readFile(join(root, list.path), 'utf8');
  const templates = await templatesOf(kind);
  const why = whyNot(kind, name, root, codeOf(listed, templates));
  if (why !== undefined) throw new Refused(why);
  const names = namesOf(name);
  const registration = registered(listed, list, names);
  if (registration === undefined)
    throw new Refused(`${list.path}: no place for a line; it needs imports, and a list that ends in ];`);
  const files: Record<string, string> = { [list.path]: registration };
  for (const [template, path] of Object.entries(kind.files(name)))
    files[path] = filled(templates[template] ?? '', names);
  for (const row of kind.rows ?? []) Object.assign(files, await rowIn(root, row, name));
  const written = await writeAll(root, files);
  await execa(process.execPath, ['scripts/docs.ts'], { cwd: root });
  return { written, next: kind.next(name) };
}

async function templatesOf({ folder }: Kind): Promise<Readonly<Record<string, string>>> {
  const path = join(import.meta.dirname, 'templates', folder);
  const texts = (await readdir(path)).map(
    async (file) => [file.replace(/\.txt$/, ''), await readFile(join(path, file), 'utf8')] as const,
  );
  return Object.fromEntries(await Promise.all(texts));
}

/** The modules in which the new names are declared. */
function codeOf(listed: string, templates: Readonly<Record<string, string>>): string {
  const modules = Object.entries(templates).filter(([file]) => file.endsWith('.ts'));
  return [listed, ...modules.map(([, text]) => text.replaceAll(/\{\{\w+\}\}/g, ''))].join('\n');
}

function filled(template: string, { name, id, Id }: Names): string {
  return template.replaceAll('{{name}}', name).replaceAll('{{id}}', id).replaceAll('{{Id}}', Id);
}

/** The file with the row; nothing where it keeps no such table. */
async function rowIn(
  root: string,
  { path, firstCell, cells }: NonNullable<Kind['rows']>[number],
  name: string,
): Promise<Readonly<Record<string, string>>> {
  const text = withRow(await readFile(join(root, path), 'utf8'), firstCell, cells(name));
  return text === undefined ? {} : { [path]: text };
}

/** Formats all files first, so that an error writes nothing. @returns their paths, sorted */
async function writeAll(root: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const formatted = await Promise.all(
    Object.entries(files).map(async ([path, text]) => {
      const file = join(root, path);
      return { path, file, text: await format(text, { ...(await resolveConfig(file)), filepath: file }) };
    }),
  );
  for (const { file, text } of formatted) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return formatted.map(({ path }) => path).sort();
}
