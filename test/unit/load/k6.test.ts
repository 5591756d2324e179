import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { LastWords, thresholdFigures, whyEnded } from '../../../src/load/k6/k6-end.ts';
import { K6Output, outcomeOf, ownBottleneck, type K6Request } from '../../../src/load/k6/k6-output.ts';
import { k6Arguments, scriptFigures } from '../../../src/load/k6/run.ts';
import { k6Schema } from '../../../src/load/k6/schema.ts';

const TIMEOUT_MS = 500;
const TIME = '2026-01-02T03:04:05.678901234Z';
const OK = { status: '200', expected_response: 'true' };

/** A sample in the format of `--out json`. */
function point(metric: string, value: number, tags: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({ metric, type: 'Point', data: { time: TIME, value, tags } });
}

/** All the samples of one request, in k6's order. */
function request(tags: Readonly<Record<string, string>>, duration: number, blocked: number): string[] {
  return [
    point('http_reqs', 1, tags),
    point('http_req_duration', duration, tags),
    point('http_req_blocked', blocked, tags),
    point('http_req_connecting', blocked, tags),
    point('http_req_failed', 0, tags),
  ];
}

function read(lines: readonly string[]): { output: K6Output; requests: K6Request[] } {
  const requests: K6Request[] = [];
  const output = new K6Output(TIMEOUT_MS, (each) => requests.push(each));
  for (const line of lines) output.take(line);
  output.end();
  return { output, requests };
}

describe('k6’s samples', () => {
  it('are a request each, from when it was due to its end', () => {
    const { requests } = read([...request(OK, 12.5, 1.5), ...request(OK, 3, 0)]);
    expect(requests).toEqual([
      { end: Date.parse('2026-01-02T03:04:05.678Z'), latency: 14, outcome: 'ok' },
      { end: Date.parse('2026-01-02T03:04:05.678Z'), latency: 3, outcome: 'ok' },
    ]);
  });

  it('have no times of a request that never connected: it waited until it was given up', () => {
    const tags = { status: '0', error_code: '1050', error: 'request timeout', expected_response: 'false' };
    expect(read(request(tags, 0, 0)).requests).toMatchObject([
      { latency: TIMEOUT_MS, outcome: '(28) Connection timed out' },
    ]);
    expect(read(request(tags, 498, 2)).requests).toMatchObject([
      { latency: 500, outcome: '(28) Operation timed out' },
    ]);
  });

  it('count checks and dropped iterations', () => {
    const { output } = read([
      point('checks', 1, { check: 'a' }),
      point('checks', 0, { check: 'a' }),
      point('checks', 1, { check: 'b' }),
      point('dropped_iterations', 3),
      point('dropped_iterations', 1),
    ]);
    expect([output.checks, output.dropped]).toEqual([{ passed: 2, failed: 1 }, 4]);
  });

  it('are told from everything else on standard output', () => {
    const others = [
      '{"type":"Metric","data":{"name":"http_reqs","type":"counter"},"metric":"http_reqs"}',
      point('iteration_duration', 3),
      '  █ THRESHOLDS',
      '',
    ];
    expect(read(others).requests).toEqual([]);
  });

  it('must be whole', () => {
    expect(() => read([point('http_reqs', 1).slice(0, 60)])).toThrow(/not a sample as k6 writes it/);
    expect(() => read(['{"metric":"http_reqs","type":"Point","data":{"time":1}}'])).toThrow();
  });

  it('are as many requests as there are, whatever lies between them, and none ends before it began', () => {
    const noise = fc.constantFrom(point('vus', 3), '', '    checks: 1', point('checks', 1));
    const one = fc
      .tuple(fc.double({ min: 0, max: 1e4, noNaN: true }), fc.double({ min: 0, max: 1e4, noNaN: true }))
      .map(([duration, blocked]) => request(OK, duration, blocked));
    const all = fc.array(fc.oneof(one, fc.array(noise)));
    fc.assert(
      fc.property(all, (parts) => {
        const { requests } = read(parts.flat());
        expect(requests).toHaveLength(parts.flat().filter((line) => line.includes('"http_reqs"')).length);
        expect(requests.every(({ latency }) => latency >= 0)).toBe(true);
      }),
    );
  });
});

describe('an outcome', () => {
  test.each([
    [{ status: '404', expected_response: 'true' }, 'ok'],
    [{ error_code: '1503', status: '503' }, '(22) The requested URL returned error: 503'],
    [{ error_code: '1211', error: 'dial: i/o timeout' }, '(28) Connection timed out'],
    [{ error_code: '1212', error: 'dial: connection refused' }, '(7) Failed to connect: Connection refused'],
    [
      { error_code: '1220', error: 'read: connection reset by peer' },
      '(56) Recv failure: Connection reset by peer',
    ],
    [{ error_code: '1101', error: 'lookup: no such host' }, '(6) Could not resolve host'],
    [{ error_code: '1310', error: 'x509: unknown authority' }, '(1) x509: unknown authority'],
    [{ error_code: '1000' }, '(1) k6 error 1000'],
  ])('of %j is %s', (tags, outcome) => {
    expect(outcomeOf({ expected_response: 'false', ...tags }, false)).toBe(outcome);
  });

  it('is told by its error where the script has left out what k6 expects', () => {
    expect(outcomeOf({ status: '200' }, true)).toBe('ok');
    expect(outcomeOf({ status: '500', error_code: '1500' }, true)).toMatch(/^\(22\)/);
  });

  it('is the generator’s own where it had no port or no descriptor', () => {
    const unknown = (errno: number) => ({
      error_code: '1213',
      expected_response: 'false',
      error: `dial: unknown errno \`${String(errno)}\` on linux with message \`…\``,
    });
    expect(ownBottleneck(outcomeOf(unknown(99), false))).toMatch(/local ports/);
    expect(ownBottleneck(outcomeOf(unknown(24), false))).toMatch(/file descriptors/);
    expect(ownBottleneck(outcomeOf(unknown(113), false))).toBeUndefined();
    expect(ownBottleneck('ok')).toBeUndefined();
  });
});

describe('k6’s end', () => {
  it.each([0, 99])('is an answer with exit code %i', (code) => {
    expect(whyEnded(code, 'some thresholds have failed')).toBeUndefined();
  });

  test.each<[number | null, string, string]>([
    [107, 'no such thing', 'k6 ended with 107 (an exception in the script): no such thing'],
    [108, '', 'k6 ended with 108 (aborted by the script)'],
    [104, 'bad', 'k6 ended with 104 (its configuration is invalid): bad'],
    [255, 'no such file', 'k6 ended with 255: no such file'],
    [null, '', 'k6 was killed'],
  ])('is none with %j', (code, words, why) => {
    expect(whyEnded(code, words)).toBe(why);
  });

  it('is said in its last error, whatever it has warned of since', () => {
    const log = new LastWords();
    log.take('time="2026-01-02T03:04:05Z" level=error msg="no \\"such\\"\\nthing" hint="x"');
    log.take('time="2026-01-02T03:04:05Z" level=warning msg="Request Failed"');
    expect(log.said).toBe('no "such" thing');
  });

  it('is said in its last line where nothing is an error', () => {
    const log = new LastWords();
    for (const line of ['panic: oh', ' goroutine 1 [running]: ', '']) log.take(line);
    expect(log.said).toBe('goroutine 1 [running]:');
  });

  it('brings the thresholds: 1 where every one of a metric holds', () => {
    const metrics = {
      checks: { passes: 1, thresholds: { 'rate > 0.9': false } },
      http_req_failed: { thresholds: { 'rate < 0.1': true, 'rate < 0.9': false } },
      iterations: { count: 4 },
    };
    expect(thresholdFigures(JSON.stringify({ metrics }))).toEqual({
      'threshold.checks': 1,
      'threshold.http_req_failed': 0,
    });
    expect(() => thresholdFigures('{}')).toThrow();
  });

  it('is that of all its pods', () => {
    const ended = (passed: number, failed: number, holds: number) => ({
      checks: { passed, failed },
      thresholds: { 'threshold.checks': holds },
    });
    expect(scriptFigures([ended(9, 1, 1), ended(6, 4, 0)])).toEqual({
      'checks.passed': 15,
      'checks.failed': 5,
      'checks.rate': 0.75,
      'checks.failed.rate': 0.25,
      'threshold.checks': 0,
    });
    expect(scriptFigures([])).toEqual({ 'checks.passed': 0, 'checks.failed': 0 });
  });
});

describe('how k6 is started', () => {
  const load = (more: object = {}) =>
    k6Schema.parse({
      kind: 'k6',
      pods: 'k6',
      script: 'a.k6.ts',
      requests: 100,
      seconds: 2,
      timeout: 0.5,
      ...more,
    });

  it('says nothing to anybody, and leaves a connection a request unless it is told otherwise', () => {
    const args = k6Arguments(load(), { BASE_URL: 'http://10.96.0.2:80' }, 'k6-0', 0, 1);
    for (const one of [
      '--no-usage-report',
      '--address=',
      '--no-connection-reuse=true',
      '--env=BASE_URL=http://10.96.0.2:80',
      '--env=REQUESTS=100',
      '--env=SECONDS=2',
      '--env=TIMEOUT=500ms',
    ])
      expect(args).toContain(one);
    expect(args.at(-1)).toBe('a.k6.ts');
    expect(args.join(' ')).not.toContain('segment');
    expect(k6Arguments(load({ reuse: true }), {}, 'k6-0', 0, 1)).toContain('--no-connection-reuse=false');
  });

  it('gives each of several pods its part, and all of them the whole', () => {
    const segments = [0, 1, 2].map((i) => k6Arguments(load(), {}, `k6-${String(i)}`, i, 3).join(' '));
    expect(segments.map((each) => /--execution-segment=(\S+)/.exec(each)?.[1])).toEqual([
      '0:1/3',
      '1/3:2/3',
      '2/3:1',
    ]);
    for (const each of segments) expect(each).toContain('--execution-segment-sequence=0,1/3,2/3,1');
  });
});
