import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../../scenarios/index.ts';
import saturate from '../../../scenarios/saturate.ts';
import { Cli } from './cli.ts';

const ENVIRONMENT = { kernel: [6, 18], squeeze: 'ballast', privileged: false } as const;

describe('list', () => {
  it('is one JSON document with every scenario and remedy, their parameters and what they need', async () => {
    using tablefull = new Cli();
    const { code, stdout, stderr } = await tablefull.run('list', '--json');
    expect([code, stderr]).toEqual([0, '']);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(document).toMatchObject({
      schema: 'tablefull/list/v1',
      labs: [{ name: 'netns' }, { name: 'kind' }],
    });
    expect(document.scenarios).toContainEqual({
      name: 'saturate',
      summary: expect.any(String) as string,
      params: [
        { name: 'fill', values: ['churn', 'held'], default: 'churn', summary: expect.any(String) as string },
        {
          name: 'slots',
          values: ['none', 'opening'],
          default: 'none',
          summary: expect.any(String) as string,
        },
      ],
      remedies: Object.keys(saturate.protocol({}, ENVIRONMENT).remedies),
      ownRemedies: [],
    });
    expect(document.remedies).toContainEqual(
      expect.objectContaining({ name: 'raise-buckets', requires: ['root'] }),
    );
  });

  it('has a line of 80 columns for each scenario, and is what `run` without a scenario prints', async () => {
    using tablefull = new Cli();
    const [list, run] = [await tablefull.run('list'), await tablefull.run('run')];
    expect(run).toEqual(list);
    const lines = list.stdout.trimEnd().split('\n');
    expect(lines.length).toBe(SCENARIOS.length + 2);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(list.stdout).toMatch(/^saturate +new connections fill a node’s conntrack table$/m);
  });

  it('of one scenario has its parameters and remedies, and the command that runs it', async () => {
    using tablefull = new Cli();
    const { stdout } = await tablefull.run('list', 'saturate');
    expect(stdout).toMatch(/^ {2}--param fill=churn\|held +each request/m);
    expect(stdout).toMatch(/^ {2}keepalive /m);
    expect(stdout).not.toMatch(/^ {2}ndots-2 /m);
    expect(stdout).toContain('run it: tablefull run saturate\n');
  });

  it('of one scenario has the remedies of its own, too, of which one may be the cure', async () => {
    using tablefull = new Cli();
    expect((await tablefull.run('list', 'liberal-fin')).stdout).toMatch(/^ {2}not-liberal +nf_conntrack/m);
    const document = JSON.parse((await tablefull.run('list', '--json')).stdout) as {
      readonly scenarios: readonly { readonly name: string; readonly ownRemedies: readonly object[] }[];
    };
    expect(document.scenarios.find(({ name }) => name === 'liberal-fin')?.ownRemedies).toMatchObject([
      { name: 'not-liberal' },
      { name: 'longer-timeout' },
    ]);
  });

  it('names the scenario that was meant', async () => {
    using tablefull = new Cli();
    expect(await tablefull.run('list', 'satruate')).toEqual({
      code: 64,
      stdout: '',
      stderr: 'tablefull: unknown scenario satruate; did you mean saturate?\n',
    });
  });
});
