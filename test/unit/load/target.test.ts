import { expect, it } from 'vitest';
import { portAt } from '../../../src/load/target.ts';

it('a name that stands for a ClusterIP leads to the port of the service', () => {
  expect(portAt({ ip: '10.96.1.1', port: 80, targetPort: 8080 }, '10.96.1.1')).toBe(80);
});

it('a name that stands for pods leads to the port that they listen on', () => {
  expect(portAt({ ip: 'None', port: 80, targetPort: 8080 }, '10.244.0.2')).toBe(8080);
});
