import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import saturateK6 from '../../../scenarios/saturate-k6.ts';
import { REMEDIES } from '../../../src/remedy/index.ts';
import { findK6, k6Folder } from '../../../src/toolchain/k6.ts';
import { whyNotTried } from '../../../src/run/requirements.ts';
import { soundProtocol } from '../../../src/scenario/check.ts';
import { defineScenario, NoProtocol } from '../../../src/scenario/define.ts';
import type { Environment } from '../../../src/scenario/environment.ts';
import { figureNamed, whyNoFigure } from '../../../src/figure/names.ts';
import { equipped } from '../../../src/scenario/k6.ts';
import { scenarioFromYaml } from '../../../src/scenario/yaml-scenario.ts';

const WITHOUT: Environment = { kernel: [6, 18], squeeze: 'ballast', privileged: false };
const WITH: Environment = { ...WITHOUT, k6: () => '/opt/k6' };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tablefull-k6-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A program that does nothing, below the test's folder. */
function program(path: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
}

const PROTOCOL = saturateK6.protocol({}, WITH);

describe('saturate-k6', () => {
  it('names its script, and the k6 that there is', () => {
    expect(PROTOCOL.skip).toBeUndefined();
    expect(PROTOCOL.demand).toMatchObject({ program: '/opt/k6' });
    const { script } = PROTOCOL.demand as { script: string };
    expect(script).toMatch(/^\/.*\/scenarios\/saturate\.k6\.ts$/);
  });

  it('is skipped with the fix where there is none', () => {
    expect(saturateK6.protocol({}, WITHOUT).skip).toMatch(/make k6.*TABLEFULL_K6/);
  });

  it('can be cured by keepalive, which is a setting of the load', () => {
    const keepalive = REMEDIES.find(({ name }) => name === 'keepalive');
    if (keepalive === undefined) throw new Error('there is no keepalive');
    expect(
      whyNotTried(keepalive, { protocol: PROTOCOL, privileged: false, squeeze: 'ballast' }),
    ).toBeUndefined();
    expect(keepalive.changes(PROTOCOL)).toEqual([{ kind: 'load', set: { reuse: true } }]);
  });
});

describe('a scenario with a k6 script', () => {
  const yaml = (script: string, extensions = '{}'): string => `
name: mine
summary: a script
topology:
  nodes: [worker-1]
  pods: { k6: { replicas: 1, nodes: [worker-1] } }
  services: {}
node: worker-1
demand: { kind: k6, pods: k6, script: ${script}, requests: 10, seconds: 2, timeout: 0.5, extensions: ${extensions} }
fault: { kind: squeeze, node: worker-1, free: 5 }
symptom: { expected: reproduced, when: [requests.failed.rate > 0.2], loss: requests.failed.rate }
show: []
remedies: {}
`;
  const protocolOf = (text: string, environment = WITH) =>
    soundProtocol(scenarioFromYaml(text, join(folder, 'mine.yaml')).scenario, {}, environment, []);

  it('finds it beside its own file', () => {
    writeFileSync(join(folder, 'mine.k6.ts'), '');
    expect(protocolOf(yaml('mine.k6.ts'))).toMatchObject({
      protocol: { demand: { script: join(folder, 'mine.k6.ts'), program: '/opt/k6' } },
    });
  });

  it('takes the JavaScript that a built package has in its place', () => {
    writeFileSync(join(folder, 'mine.k6.js'), '');
    expect(protocolOf(yaml('mine.k6.ts'))).toMatchObject({
      protocol: { demand: { script: join(folder, 'mine.k6.js') } },
    });
  });

  it('says where a script is missing, and how a module names one', () => {
    expect(protocolOf(yaml('other.k6.ts'))).toEqual({
      problems: [
        {
          place: 'demand.script',
          why: 'there is no file other.k6.ts; its path starts at the scenario’s folder',
        },
      ],
    });
    const made = defineScenario({
      name: 'mine',
      summary: '',
      params: {},
      protocol: () => ({ ...PROTOCOL, demand: { ...PROTOCOL.demand, script: 'mine.k6.ts' } as never }),
    });
    expect(() => made.protocol({}, WITH)).toThrow(NoProtocol);
    expect(() => made.protocol({}, WITH)).toThrow(/import\.meta\.url/);
  });

  it('is skipped with the command that builds its extensions in', () => {
    writeFileSync(join(folder, 'mine.k6.ts'), '');
    const text = yaml('mine.k6.ts', '{ k6/x/faker: github.com/NAME/xk6-faker@v0.4.4, k6/x/own: ./own }');
    const asked: unknown[] = [];
    const environment: Environment = {
      ...WITHOUT,
      k6: (extensions) => {
        asked.push(extensions);
        return undefined;
      },
    };
    const made = protocolOf(text, environment);
    const skip = 'protocol' in made ? made.protocol.skip : undefined;
    expect(skip).toContain(
      `npm run k6 -- --with github.com/NAME/xk6-faker@v0.4.4 --with ${join(folder, 'own')}`,
    );
    expect(asked).toEqual([
      { 'k6/x/faker': 'github.com/NAME/xk6-faker@v0.4.4', 'k6/x/own': join(folder, 'own') },
    ]);
  });

  it('is refused where it names a service that there is not', () => {
    const broken = { ...PROTOCOL, demand: { ...PROTOCOL.demand, services: { BASE_URL: 'wep' } } as never };
    const scenario = { ...saturateK6, protocol: () => broken };
    expect(soundProtocol(scenario, {}, WITH, Object.keys(PROTOCOL.remedies))).toMatchObject({
      problems: [{ place: 'demand.services.BASE_URL' }],
    });
  });

  it('is left as it is where it names its own program, and one without scripts altogether', () => {
    const own = { ...PROTOCOL, demand: { ...PROTOCOL.demand, program: '/mine' } as never };
    expect(equipped(own, WITHOUT)).toMatchObject({ protocol: { demand: { program: '/mine' } } });
  });
});

describe('its figures', () => {
  test.each(['checks.rate', 'checks.failed', 'threshold.http_req_failed', 'requests.outcome[(28)]'])(
    'are %s',
    (name) => {
      expect(whyNoFigure(name, PROTOCOL)).toBeUndefined();
    },
  );

  it('are those of scripts only', () => {
    const demand = {
      kind: 'settings',
      node: 'worker-1',
      sysctls: {},
      maximum: 'machine',
      program: '',
      kubeProxy: 'before',
      config: 'defaults',
    } as const;
    for (const name of ['threshold.checks', 'checks.rate'])
      expect(whyNoFigure(name, { ...PROTOCOL, demand })).toBe(`${name} is not read; add a load of kind k6`);
    expect(whyNoFigure('checks.ratio', PROTOCOL)).toMatch(/did you mean checks.rate/);
  });

  it('of which the passed share is no measure of what is missed', () => {
    const isLoss = (name: string) => figureNamed(name, PROTOCOL)?.loss;
    expect([isLoss('checks.rate'), isLoss('checks.failed.rate')]).toEqual([undefined, true]);
  });
});

describe('the k6 that is found', () => {
  const env = () => ({ XDG_CACHE_HOME: folder, PATH: '/nowhere' });

  it('is the one that TABLEFULL_K6 names, or none', () => {
    const built = program('tablefull/k6-1.8.1/k6');
    const named = program('k6');
    expect(findK6(env())).toBe(built);
    expect(findK6({ ...env(), TABLEFULL_K6: named })).toBe(named);
    expect(findK6({ ...env(), TABLEFULL_K6: '/nowhere' })).toBeUndefined();
  });

  it('is one on PATH only where no extension is to be in it', () => {
    const onPath = program('bin/k6');
    const having = { ...env(), PATH: join(folder, 'bin') };
    const extensions = { 'k6/x/faker': 'github.com/NAME/xk6-faker@v0.4.4' };
    expect(findK6(having)).toBe(onPath);
    expect(findK6(having, extensions)).toBeUndefined();
    const [module] = Object.values(extensions);
    const own = program(join(k6Folder(having, [module ?? '']).slice(folder.length), 'k6'));
    expect(findK6(having, extensions)).toBe(own);
  });

  it('has its place by the set of its extensions, and by what is in those that are folders', () => {
    const place = (...modules: readonly string[]) => k6Folder(env(), modules);
    expect(place('a@v1', 'b@v1')).toBe(place('b@v1', 'a@v1', 'a@v1'));
    expect(new Set([place(), place('a@v1'), place('a@v2'), place('a@v1', 'b@v1')]).size).toBe(4);
    const own = join(folder, 'own');
    mkdirSync(own);
    writeFileSync(join(own, 'own.go'), 'package own');
    const before = place(own);
    writeFileSync(join(own, 'README.md'), 'no code');
    expect(place(own)).toBe(before);
    writeFileSync(join(own, 'own.go'), 'package own // changed');
    expect(place(own)).not.toBe(before);
  });
});
