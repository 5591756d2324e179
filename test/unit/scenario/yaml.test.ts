import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { yamlTemplate } from '../../../src/scenario/templates.ts';
import { scenarioFromYaml } from '../../../src/scenario/yaml-scenario.ts';
import { Cli } from '../cli/cli.ts';

const SOUND = yamlTemplate('./scenario.schema.json');

/** The sound scenario with one piece of its text replaced. */
function but(piece: string, other: string): string {
  if (!SOUND.includes(piece)) throw new Error(`the template has no ${piece}`);
  return SOUND.replace(piece, other);
}

/** The lines that `validate` says of a text, without the file's name; none where it is sound. */
async function refusals(text: string | Uint8Array, name = 'mine.yaml'): Promise<readonly string[]> {
  using tablefull = new Cli();
  const file = join(tablefull.folder, name);
  writeFileSync(file, text);
  const { code, stderr } = await tablefull.run('validate', file);
  expect(code).toBe(stderr === '' ? 0 : 64);
  return stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(`tablefull: ${file}`, ''));
}

describe('a YAML scenario', () => {
  it('is sound as `init` writes it', async () => {
    expect(await refusals(SOUND)).toEqual([]);
  });

  it('may have Windows line ends, a byte order mark, and aliases', async () => {
    const aliased = but('[{ pods: 5, seconds: 0.5 }]', '&s [{ pods: 5, seconds: 0.5 }]').replace(
      'show:',
      'background:\n  noise: { kind: simple-app, pods: app, service: web, stages: *s, requests: 9, connectTimeout: 1 }\nshow:',
    );
    for (const text of [SOUND.replaceAll('\n', '\r\n'), `\uFEFF${SOUND}`, aliased])
      expect(await refusals(text)).toEqual([]);
  });

  it('may name its loss `unmet`, as files for 0.1.0 do', async () => {
    expect(await refusals(but('loss:', 'unmet:'))).toEqual([]);
  });

  it('names its figures as the verdict does, however they were written', () => {
    const text = but(
      '- drop.delta > baseline.drop.delta',
      '- request p(99.0) < 50\n    - connect.failed.rate > 0.5',
    );
    const { scenario } = scenarioFromYaml(text, 'mine.yaml');
    const { expectations } = scenario.protocol(
      {},
      { kernel: [6, 18], squeeze: 'ballast', privileged: false },
    );
    expect(expectations.fault).toEqual(['requests.p(99) < 50', 'requests.failed.rate > 0.5']);
  });
});

describe('an invalid scenario is refused in a line with its place and the fix:', () => {
  test.each<[what: string, text: string, lines: readonly string[]]>([
    ['nothing', '', [':1:1: it is empty; `tablefull init` writes an example']],
    ['a comment', '# soon\n', [':1:1: it is empty; `tablefull init` writes an example']],
    ['a word', 'mine\n', [':1:1: is "mine"; give keys and values']],
    ['a tab', 'name: mine\nnode:\n\tworker-1\n', [':3:1: tabs are not allowed as indentation']],
    ['a key twice', but('node: worker-1', 'name: other'), [':15:1: map keys must be unique']],
    [
      'two documents',
      `${SOUND}---\n${SOUND}`,
      [':64:1: source contains multiple documents; please use YAML.parseAllDocuments()'],
    ],
    ['a tag', but('name: mine', 'name: !mine x'), [':3:7: unresolved tag: !mine']],
    [
      'a key that is a list',
      but('name: mine', 'name: mine\n? [a, b]\n: c'),
      [':4:3: with stringKeys, all keys must be strings'],
    ],
    ['a cycle', but('[requests.answered,', '&a [*a,'), [':47:11: *a refers to itself; write it out']],
    [
      'an anchor that is not there',
      but('name: mine', 'name: *a'),
      [':3:7: there is no anchor &a before *a; add one or write it out'],
    ],
    [
      'an own remedy without an undo',
      but(
        'kind: sysctl',
        'kind: command\n        run: [echo]\n        check: [echo, ok]\n        x: 1',
      ).replace(/ {8}name: net[^]*/, ''),
      [
        ':60:9: ownRemedies.short-time-wait.changes.0.undo: is missing; give a list',
        ':63:9: ownRemedies.short-time-wait.changes.0.x: unknown key "x"; its keys are kind, node, run, undo, check',
      ],
    ],
    [
      'a key that was typed wrong',
      but('loss:', 'losss:'),
      [
        ':29:1: symptom.loss: is missing; give text',
        ':36:3: symptom.losss: unknown key "losss"; did you mean loss?',
      ],
    ],
    [
      'a kind that there is not',
      but('kind: simple-app', 'kind: simple-ap'),
      [':19:3: demand.kind: is "simple-ap"; did you mean simple-app?'],
    ],
    [
      'a value of the wrong kind',
      but('requests: 200', 'requests: many'),
      [':23:3: demand.requests: is "many"; give a number'],
    ],
    [
      'a value that is left out',
      but('requests: 200', 'requests:'),
      [':23:3: demand.requests: is empty; give a number'],
    ],
    [
      'a value that is too small',
      but('seconds: 0.5', 'seconds: 0'),
      [':22:23: demand.stages.0.seconds: is 0; give more than 0'],
    ],
    [
      'a status that there is not',
      but('keepalive: cured', 'keepalive: curd'),
      [':51:3: remedies.keepalive: is "curd"; did you mean cured?'],
    ],
    [
      'a remedy that there is not',
      but('placebo:', 'plazebo:'),
      [':52:3: remedies.plazebo: unknown remedy plazebo; did you mean placebo?'],
    ],
    [
      'a pod set that there is not',
      but('{ pods: server,', '{ pods: servers,'),
      [':12:12: topology.services.web.pods: unknown pod set servers; did you mean server?'],
    ],
    [
      'a service that answers otherwise',
      but('app: http', 'app: echo'),
      [':21:3: demand.service: a simple-app needs a service with app: http or nginx, not echo'],
    ],
    [
      'a sysctl that is the machine’s',
      but('net.netfilter.nf_conntrack_tcp_timeout_time_wait', 'kernel.panic'),
      [
        ':62:9: ownRemedies.short-time-wait.changes.0.name: a node or a pod has only the sysctls below net: net.…',
      ],
    ],
    [
      'rules that leave their chain',
      but(
        'kind: sysctl',
        "kind: nft\n        hook: forward\n        priority: 0\n        rules: ['} chain x {']",
      ).replace(/ {8}name: net[^]*/, ''),
      [
        ':63:17: ownRemedies.short-time-wait.changes.0.rules.0: must be one statement: on one line, with balanced braces, without `;`, a comment or an include',
      ],
    ],
    [
      'a command as the fault',
      but(
        '{ kind: squeeze, node: worker-1, free: 100 }',
        '{ kind: command, node: all, run: [a], undo: [b], check: [c] }',
      ),
      [':27:10: fault.kind: a fault can’t be a command, because it is not undone; use another kind'],
    ],
    [
      'resolver options where there is no resolver',
      but('kind: sysctl', 'kind: resolver\n        options: [ndots:2]').replace(/ {8}node: all[^]*/, ''),
      [':60:9: ownRemedies.short-time-wait.changes.0: pods have no resolver; add topology.resolver'],
    ],
    [
      'a remedy’s name that is taken',
      but('  short-time-wait:', '  keepalive:'),
      [':56:3: ownRemedies.keepalive: the remedy keepalive exists already; use another name'],
    ],
  ])('%s', async (_, text, lines) => {
    expect(await refusals(text)).toEqual(lines);
  });

  test.each([
    ['a figure that is typed wrong', 'drop.dleta > 0', 'unknown figure drop.dleta; did you mean drop.delta?'],
    [
      'a unit that this demand has not',
      'lookups.failed.rate > 0',
      'unknown figure lookups.failed.rate; figures begin with requests',
    ],
    [
      'a measure that units have not',
      'requests.median < 5',
      'unknown figure requests.median; write requests. and one of offered,',
    ],
    [
      'a node that there is not',
      'worker-9.drop.delta > 0',
      'unknown figure worker-9.drop.delta; figures begin with',
    ],
    [
      'the node under test',
      'worker-1.drop.delta > 0',
      'figures of the node under test have no prefix; write drop.delta',
    ],
    [
      'a percentile above 100',
      'requests.p(101) > 0',
      'unknown figure requests.p(101); write requests.p(N) with N from 0 to 100',
    ],
    ['states that are not read', 'state.TIME_WAIT > 0', 'state.TIME_WAIT is not read; add inspect: [states]'],
    ['pods that are not read', 'pod.app-0.entries > 0', 'pod.app-0.entries is not read; add inspect: [pods]'],
    [
      'a share above 1',
      'requests.failed.rate > 1.5',
      '`requests.failed.rate > 1.5` can’t be met: requests.failed.rate is from 0 to 1',
    ],
    ['a count below 0', 'drop.delta < 0', '`drop.delta < 0` can’t be met: drop.delta is never below 0'],
    [
      'more than were asked for',
      'requests.answered > 200',
      '`requests.answered > 200` can’t be met: requests.answered is from 0 to 200',
    ],
    [
      'a figure with itself',
      'drop.delta > drop.delta',
      '`drop.delta > drop.delta` can’t be met: it compares a figure with itself',
    ],
    [
      'the fault, in the symptom',
      'drop.delta > fault.drop.delta',
      'the symptom is about the fault’s phase already; leave out `fault.`',
    ],
    [
      'what is no expectation',
      'lots of drops',
      'an expectation reads FIGURE > NUMBER, or FIGURE > 2 * OTHER.FIGURE',
    ],
  ])('an expectation with %s', async (_, expectation, why) => {
    const [line, ...more] = await refusals(but('- drop.delta > 0', `- ${expectation}`));
    expect(line).toContain(`:34:7: symptom.when.1: ${why}`);
    expect(more).toEqual([]);
  });

  it('an expectation of provenBy with no such figure', async () => {
    const lines = await refusals(but('  when:', '  provenBy: [drops.delta > 0]\n  when:'));
    expect(lines).toEqual([
      expect.stringMatching(/symptom\.provenBy\.0: unknown figure drops\.delta; did you mean drop\.delta\?$/),
    ]);
  });

  it('a billion laughs, deep nesting, and much text, each in no time', async () => {
    const laughs = Array.from(
      { length: 30 },
      (_, i) => `a${String(i)}: &a${String(i)} [${`*a${String(i - 1)},`.repeat(9)}]`,
    );
    const bomb = ['a-1: &a-1 lol', ...laughs].join('\n');
    const began = performance.now();
    expect(await refusals(bomb)).toEqual([expect.stringContaining('more than 10000 values')]);
    expect(await refusals('['.repeat(1000))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^:1:\d+: /)]),
    );
    expect(await refusals(`a: ${'['.repeat(99)}${']'.repeat(99)}`)).toEqual([
      ':1:54: it is nested more than 50 deep',
    ]);
    expect(await refusals(`# ${'x'.repeat(300_000)}`)).toEqual([
      ': has 300002 bytes; a scenario has at most 262144',
    ]);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('what is no text', async () => {
    expect(await refusals(Uint8Array.of(0xff, 0xfe, 0x6e, 0))).toEqual([
      ': is not UTF-8 text; save it as UTF-8',
    ]);
    expect(await refusals('\0\0\0')).toEqual([expect.stringMatching(/^:1:1: /)]);
    using tablefull = new Cli();
    const [folder, closed] = [join(tablefull.folder, 'a.yaml'), join(tablefull.folder, 'b.yaml')];
    mkdirSync(folder);
    writeFileSync(closed, SOUND);
    chmodSync(closed, 0);
    expect((await tablefull.run('validate', folder)).stderr).toBe(
      `tablefull: ${folder}: is a folder; name a file in it\n`,
    );
    if (process.getuid?.() !== 0)
      expect((await tablefull.run('validate', closed)).stderr).toContain('can’t be read: permission denied');
  });

  it('`run` says the first of it, and how many more there are', async () => {
    using tablefull = new Cli();
    const file = join(tablefull.folder, 'mine.yaml');
    writeFileSync(file, but('loss:', 'losss:'));
    expect(await tablefull.run('run', file)).toEqual({
      code: 64,
      stdout: '',
      stderr: `tablefull: ${file}:29:1: symptom.loss: is missing; give text (and 1 more; see \`tablefull validate\`)\n`,
    });
  });
});
