import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LESSONS } from '../../../src/workshop/lessons/index.ts';

const FOLDER = join(import.meta.dirname, '../../../killercoda/conntrack-workshop');
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** The part of Killercoda’s format that is used, as github.com/killercoda/scenario-examples has it. */
const textSchema = z.strictObject({
  title: z.string().optional(),
  text: z.string(),
  foreground: z.string().optional(),
  background: z.string().optional(),
});
const indexSchema = z.strictObject({
  title: z.string(),
  description: z.string(),
  details: z.strictObject({
    intro: textSchema,
    steps: z.array(textSchema.extend({ title: z.string(), verify: z.string() })).min(1),
    finish: textSchema,
    assets: z.strictObject({
      host01: z.array(z.strictObject({ file: z.string(), target: z.string(), chmod: z.string().optional() })),
    }),
  }),
  backend: z.strictObject({ imageid: z.enum(['ubuntu', 'ubuntu-4GB']) }),
});

const INDEX = indexSchema.parse(JSON.parse(read('index.json')));
const { intro, steps, finish } = INDEX.details;
const TEXTS = [intro, ...steps, finish].map(({ text }) => text);
const SCRIPTS = [intro.foreground ?? '', ...steps.map(({ verify }) => verify)];

describe('the scenario of Killercoda', () => {
  it('has every file that its index names', () => {
    expect([...TEXTS, ...SCRIPTS].filter((name) => !existsSync(join(FOLDER, name)))).toEqual([]);
  });

  it.each(SCRIPTS)('has a script that bash can read: %s', (name) => {
    execFileSync('bash', ['-n', join(FOLDER, name)]);
    expect(read(name)).toMatch(/^#!\/bin\/bash\n/);
  });

  it('does not end the learner’s shell where its setup fails', () => {
    const failing = read('setup.sh').replace(/^ {2}apt-get[^]*doctor$/m, '  false');
    const said = execFileSync('bash', { input: `${failing}\necho the shell goes on\n`, encoding: 'utf8' });
    expect(said).toBe('the shell goes on\n');
  });

  it.each(steps)('has a step with the command of its lesson, to click: $title', ({ text, verify }) => {
    const [name = ''] = text.split('/');
    expect(LESSONS.map((lesson) => lesson.name)).toContain(name);
    expect(read(text)).toContain(`\`tablefull workshop ${name}\`{{exec}}`);
    expect(read(verify)).toContain(`'^${name} `);
  });

  it.each(TEXTS)('has actions only behind inline code, which every formatter leaves alone: %s', (name) => {
    const text = read(name);
    expect(text).not.toMatch(/^`{3}/m);
    const actions = [...text.matchAll(/(.)\{\{([^}]*)\}\}/g)].map(([, before, action]) => [before, action]);
    for (const action of actions)
      expect([
        ['`', 'exec'],
        ['`', 'copy'],
      ]).toContainEqual(action);
  });
});
