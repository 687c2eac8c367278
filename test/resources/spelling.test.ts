import { describe, expect, it } from 'vitest';
import { argumentHolds } from '../../src/resources/argument-test.ts';

describe('a value that is spelled otherwise', () => {
  it.each(['False', 'FALSE', 'F', 'f', '0', 'no', 'off', 'Off'])('%s is false', (value) => {
    expect(argumentHolds({ equals: 'false' }, value)).toBe(true);
    expect(argumentHolds({ equals: 'true' }, value)).toBe(false);
    expect(argumentHolds({ not: ['false'] }, value)).toBe(false);
    expect(argumentHolds({ lacks: 'Gate=false' }, `A=true, Gate = ${value}`)).toBe(false);
  });

  it.each(['True', 'TRUE', 'T', 't', '1', 'yes', 'on'])('%s is true', (value) => {
    expect(argumentHolds({ equals: 'true' }, value)).toBe(true);
    expect(argumentHolds({ oneOf: ['true'] }, value)).toBe(true);
    expect(argumentHolds({ not: ['false'] }, value)).toBe(true);
    expect(argumentHolds({ contains: 'Gate=true' }, `Gate=${value}`)).toBe(true);
  });

  it.each(['0', '0h0s', '0m', '0.0s', '-0s', '+0h0m0s', '00', '0x0'])('%s is no time at all', (value) => {
    expect(argumentHolds({ not: ['0', '0s'] }, value)).toBe(false);
    expect(argumentHolds({ not: ['0'] }, value)).toBe(false);
  });

  it.each(['1ns', '5m', '4h0m0s', '.5s'])('%s is some time', (value) => {
    expect(argumentHolds({ not: ['0', '0s'] }, value)).toBe(true);
  });

  it('of one gate the last counts', () => {
    expect(argumentHolds({ lacks: 'Gate=false' }, 'Gate=false,Gate=true')).toBe(true);
    expect(argumentHolds({ contains: 'Gate=true' }, 'Gate=true,Gate=false')).toBe(false);
    expect(argumentHolds({ contains: 'Gate=true' }, 'Other=true')).toBe(false);
  });

  it('a gate is set where its component is named, too, each for itself', () => {
    expect(argumentHolds({ lacks: 'Gate=false' }, 'kube:Gate=false')).toBe(false);
    expect(argumentHolds({ lacks: 'Gate=false' }, 'Other=true, wardle:Gate = F')).toBe(false);
    expect(argumentHolds({ lacks: 'Gate=true' }, 'wardle:Gate=true,Gate=false')).toBe(false);
    expect(argumentHolds({ lacks: 'Gate=true' }, 'kube:Gate=true,Gate=false')).toBe(true);
    expect(argumentHolds({ contains: 'Gate=true' }, 'kube:Gate=true')).toBe(true);
    expect(argumentHolds({ lacks: 'Gate=true' }, 'kube:MyGate=true')).toBe(true);
  });

  it('the same time and the same number in other words', () => {
    expect(argumentHolds({ oneOf: ['30m'] }, '0h30m0s')).toBe(true);
    expect(argumentHolds({ equals: '0' }, '0x0')).toBe(true);
    expect(argumentHolds({ equals: '5' }, '50')).toBe(false);
    expect(argumentHolds({ equals: '5' }, '-5')).toBe(false);
  });

  it('a number that begins with 0 is not what it looks like', () => {
    expect(argumentHolds({ atLeast: 30 }, '030')).toBe(false);
    expect(argumentHolds({ atLeast: 30 }, '30')).toBe(true);
    expect(argumentHolds({ atLeast: 30 }, 'many')).toBe(false);
    expect(argumentHolds({ atLeast: 30 }, '-31')).toBe(false);
  });

  it('what is no truth value and no number keeps its spelling', () => {
    expect(argumentHolds({ equals: 'false' }, '')).toBe(false);
    expect(argumentHolds({ equals: 'Webhook' }, 'webhook')).toBe(false);
    expect(argumentHolds({ equals: '127.0.0.1' }, '0x7f000001')).toBe(false);
    expect(argumentHolds({ not: ['-', ''] }, '/var/log/audit.log')).toBe(true);
  });
});
