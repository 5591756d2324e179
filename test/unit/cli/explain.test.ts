import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { nearest } from '../../../src/util/nearest.ts';
import { PAGE_KINDS, readPage, type PageKind } from '../../../src/cli/screen/pages.ts';
import saturate from '../../../scenarios/saturate.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { renderMarkdown } from '../../../src/report/render-markdown.ts';
import { CONNTRACK_COUNTERS } from '../../../src/schema/history.ts';
import { Cli } from './cli.ts';

const SUBJECTS: Record<PageKind, readonly string[]> = {
  scenarios: SCENARIOS.map(({ name }) => name),
  remedies: REMEDIES.map(({ name }) => name),
  counters: CONNTRACK_COUNTERS,
};
const HEADINGS: Record<PageKind, readonly string[]> = {
  scenarios: ['What it is', 'How it comes about', 'See it on a node', 'What helps', 'Sources'],
  remedies: ['What it changes', 'What it costs', 'Where it applies', 'In Kubernetes', 'Judged by', 'Sources'],
  counters: ['What it counts', 'When it moves', 'See it on a node', 'What helps', 'Sources'],
};
const PAGES = PAGE_KINDS.flatMap((kind) => SUBJECTS[kind].map((name) => ({ kind, name })));

describe('pages', () => {
  test.each(PAGES)('$kind/$name has every heading, in order, and something below each', ({ kind, name }) => {
    const page = readPage(kind, name) ?? '';
    const headings = [...page.matchAll(/^#+ .*$/gm)].map(([line]) => line);
    expect(headings).toEqual([`# ${name}`, ...HEADINGS[kind].map((heading) => `## ${heading}`)]);
    const sections = page.split(/^## .*$/m).slice(1);
    expect(sections.filter((section) => section.trim() === '')).toEqual([]);
  });

  test.each(PAGE_KINDS)('of %s belong to something, each', (kind) => {
    const files = readdirSync(join(import.meta.dirname, '../../../docs/explanation', kind));
    expect(files.toSorted()).toEqual(SUBJECTS[kind].map((name) => `${name}.md`).toSorted());
  });
});

/** Remedies that set sysctls of nodes on `saturate`, and which. */
const SETTING_SYSCTLS = REMEDIES.flatMap((remedy): [string, string[]][] => {
  const protocol = saturate.protocol({}, { kernel: [6, 18], squeeze: 'ballast', privileged: true });
  const names = remedy.changes(protocol).flatMap((change) => (change.kind === 'sysctl' ? [change.name] : []));
  return names.length > 0 ? [[remedy.name, names]] : [];
});

/** The field of kube-proxy's configuration that sets a sysctl: `tcpBeLiberal` of `nf_conntrack_tcp_be_liberal`. */
function fieldOf(sysctl: string): string {
  return (sysctl.split('nf_conntrack_').at(-1) ?? sysctl)
    .replace(/^tcp_timeout_(\w+)$/, 'tcp_$1_timeout')
    .replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

describe('manifests of remedies', () => {
  const FOLDER = join(import.meta.dirname, '../../../manifests/remedies');
  const kinds = z.object({ apiVersion: z.string(), kind: z.string() });
  const named = kinds.extend({ metadata: z.object({ name: z.string() }) });

  test.each(REMEDIES.map(({ name }) => name))('%s.yaml says what to do with it, and is one', (name) => {
    const file = join(FOLDER, `${name}.yaml`);
    expect(existsSync(file), `${file} is missing`).toBe(true);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^# .*\n# /);
    const documents = parseAllDocuments(text);
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) {
      expect(document.errors).toEqual([]);
      const { kind } = kinds.parse(document.toJS());
      // The only one that is a file's, and no object of an API server's.
      if (kind !== 'KubeProxyConfiguration') named.parse(document.toJS());
    }
    for (const [, image = ''] of text.matchAll(/image: (\S+)/g))
      expect(image).toMatch(/^(registry\.k8s\.io\/|tablefull\/agent:local$)/);
  });

  it.each(SETTING_SYSCTLS)('%s.yaml sets the sysctls that the remedy sets', (name, sysctls) => {
    const text = readFileSync(join(FOLDER, `${name}.yaml`), 'utf8');
    // As sysctl(8) names it, by its last part where several share the beginning, or by kube-proxy's field.
    const missing = sysctls.filter(
      (sysctl) => ![sysctl.split('.').at(-1) ?? sysctl, fieldOf(sysctl)].some((name) => text.includes(name)),
    );
    expect(missing).toEqual([]);
  });

  it('belong to a remedy, each', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(REMEDIES.map(({ name }) => `${name}.yaml`).sort());
  });
});

describe('explain', () => {
  it('lists all that there is a page on', async () => {
    using tablefull = new Cli();
    const { code, stdout } = await tablefull.run('explain');
    expect(code).toBe(0);
    for (const { name } of PAGES) expect(stdout).toContain(`- ${name}`);
  });

  it('prints a scenario’s page with its parameters and what is expected of each remedy', async () => {
    using tablefull = new Cli();
    const { code, stdout, stderr } = await tablefull.run('explain', 'saturate');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^saturate\n\nWhat it is\n\n/);
    expect(stdout).toContain('- --param fill=churn|held: ');
    expect(stdout).toContain('- be-liberal: no-effect');
    expect(stripVTControlCharacters(stdout)).toBe(stdout);
  });

  it('prints what is expected of a scenario’s own remedies, too', async () => {
    using tablefull = new Cli();
    expect((await tablefull.run('explain', 'liberal-fin')).stdout).toContain('- not-liberal: cured\n');
  });

  it('prints a remedy’s page with what it needs, its manifest and the scenarios that try it', async () => {
    using tablefull = new Cli();
    const { stdout } = await tablefull.run('explain', 'raise-buckets');
    expect(stdout).toContain('- needs: root');
    expect(stdout).toContain('manifests/remedies/raise-buckets.yaml');
    expect(stdout).toContain('- saturate: no-effect');
  });

  test.each([
    ['raise-buckets', 'root'],
    ['random-fully', 'a node that masquerades'],
    ['more-source-addresses', 'spare pods, or a node that masquerades'],
    ['ignore-invalid-rst', 'a kernel with net.netfilter.nf_conntrack_tcp_ignore_invalid_rst'],
    ['proxy-mode-ipvs', 'a kernel with IPVS loaded'],
    ['keepalive-nginx', 'an nginx in the topology'],
    ['connection-pools', 'applications that call others'],
    ['keepalive', 'a load of kind simple-app, node-agent or k6'],
    ['be-liberal', 'nothing'],
  ])('says of %s that it needs %s', async (name, needs) => {
    using tablefull = new Cli();
    const { stdout } = await tablefull.run('explain', name);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`- needs: ${needs} -`);
  });

  it('and list say the same of what a remedy needs', async () => {
    using tablefull = new Cli();
    const list = async (name: string): Promise<string> =>
      (await tablefull.run('list', name)).stdout.replaceAll(/\s+/g, ' ');
    expect(await list('port-exhaustion')).toContain('(needs a node that masquerades)');
    expect(await list('dns-storm')).toContain(
      '(needs a load of kind dns-client, or applications that look names up)',
    );
  });

  it('prints a counter’s page with the scenarios that show it', async () => {
    using tablefull = new Cli();
    const of = async (counter: string): Promise<readonly string[]> =>
      (await tablefull.run('explain', counter)).stdout.split(/^(?:Shown by|Does not move in)$/m);
    const [, shown, flat] = await of('drop');
    expect(shown).toContain('- tablefull run saturate: ');
    expect(shown).not.toContain('run ghost-connections');
    expect(flat).toContain('- tablefull run ghost-connections: ');
    expect((await of('early_drop'))[1]).toContain('- tablefull run early-drop: ');
    expect((await of('invalid'))[1]).toContain('- tablefull run boom: ');
    expect((await of('insert'))[1]?.replaceAll(/\s+/g, ' ')).toContain('in its JSON, as insert.delta');
  });

  test.each([
    ['satrate', 'unknown page satrate; did you mean saturate?'],
    ['DROPP', 'unknown page DROPP; did you mean drop?'],
    ['early-dorp', 'unknown page early-dorp; did you mean early-drop?'],
    ['the-weather', 'unknown page the-weather; `tablefull explain` lists the pages'],
  ])('refuses %s with exit code 64 and the nearest', async (name, line) => {
    using tablefull = new Cli();
    expect(await tablefull.run('explain', name)).toEqual({
      code: 64,
      stdout: '',
      stderr: `tablefull: ${line}\n`,
    });
  });
});

describe('Markdown on a terminal', () => {
  const plain = (_: unknown, text: string): string => text;

  it('keeps code and tables, joins and wraps prose, and spells links out', () => {
    const page =
      '# T\n\nSome `code` and\n[a link](http://x).\n\n```sh\nls   -l\n\necho\n```\n\n- one\n  more\n- two\n\n| a | b |\n';
    expect(renderMarkdown(page, 40, plain)).toBe(
      'T\n\nSome code and a link (http://x).\n\n    ls   -l\n\n    echo\n\n- one more\n- two\n\n    | a | b |\n',
    );
  });

  it('names the page of a link between pages, whose path leads nowhere', () => {
    const page =
      '[keepalive](../remedies/keepalive.md), [more room](../remedies/raise-max.md), [sources](../../reference/sources.md)';
    expect(renderMarkdown(page, 100, plain)).toBe(
      'keepalive, more room (explain raise-max), sources (docs/reference/sources.md)\n',
    );
  });

  it('leaves underscores within words, as sysctls have them', () => {
    expect(renderMarkdown('nf_conntrack_max is _the_ maximum', 80, plain)).toBe(
      'nf_conntrack_max is the maximum\n',
    );
  });

  it('paints no line wider than without colours', () => {
    const red = (_: unknown, text: string): string => `\u001b[31m${text}\u001b[39m`;
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }),
        fc.integer({ min: 40, max: 100 }),
        (words, width) => {
          const text = words.map((word, i) => (i % 3 === 0 ? `\`${word}\`` : word)).join(' ');
          const painted = renderMarkdown(text, width, red);
          expect(stripVTControlCharacters(painted)).toBe(renderMarkdown(text, width, plain));
          for (const line of stripVTControlCharacters(painted).split('\n'))
            expect(line.length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

it('finds the nearest word: itself first, and none that is far', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PAGES.map(({ name }) => name)), (name) => {
      expect(
        nearest(
          name,
          PAGES.map((page) => page.name),
        ),
      ).toBe(name);
    }),
  );
  expect(nearest('zzzzzzzzzz', ['saturate'])).toBeUndefined();
});
