import { expect, test } from 'vitest';
import { areOpen, isHeld, isHeldAnyhow, selects } from '../../src/resources/network-policy.ts';

const policy = (spec: object) => ({ spec: { podSelector: {}, ...spec } });
const only = (podSelector: object, spec: object = {}) => policy({ podSelector, ...spec });

const deny = policy({ policyTypes: ['Ingress'] });
const allow = policy({ policyTypes: ['Ingress'], ingress: [{}] });

test.each([
  ['no selector at all', {}, true],
  ['a label that it has', { matchLabels: { app: 'web' } }, true],
  ['another value', { matchLabels: { app: 'api' } }, false],
  ['a label that it has not', { matchLabels: { tier: 'web' } }, false],
  ['one of some', { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] }, true],
  ['none of some', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  ['not one, and it has none', { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['y'] }] }, true],
  ['there', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
  ['not there', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  ['a test that nobody knows', { matchExpressions: [{ key: 'app', operator: 'Like' }] }, false],
  [
    'both, and one fails',
    { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'x', operator: 'Exists' }] },
    false,
  ],
])('a selector: %s', (_, selector, wanted) => {
  expect(selects(only(selector), { app: 'web' })).toBe(wanted);
});

test.each([
  ['denied', [deny], true],
  ['allowed', [allow], false],
  ['denied and allowed: what one lets through, none takes away', [deny, allow], false],
  ['denied, and others allowed', [deny, only({ matchLabels: { app: 'api' } }, { ingress: [{}] })], true],
  ['for others only', [only({ matchLabels: { app: 'api' } })], false],
  ['one way open and the other closed', [allow, policy({ policyTypes: ['Egress'] })], true],
  ['from some', [policy({ ingress: [{ from: [{ podSelector: {} }] }] })], true],
  ['from all, on some ports', [policy({ ingress: [{ ports: [{ port: 443 }] }] })], true],
  ['empty lists of a rule', [policy({ ingress: [{ from: [], ports: [] }] })], false],
  [
    'rules for what goes out count unsaid',
    [policy({ ingress: [{}], egress: [{ to: [{ podSelector: {} }] }] })],
    true,
  ],
  ['nothing', [], false],
])('a pod: %s', (_, policies, wanted) => {
  expect(isHeld(policies, { app: 'web' })).toBe(wanted);
});

test('what holds whatever the labels are, and what could hold nobody', () => {
  const some = only({ matchLabels: { app: 'api' } });
  const letIn = only({ matchLabels: { app: 'api' } }, { policyTypes: ['Ingress'], ingress: [{}] });
  expect([[deny], [deny, some], [some], [deny, letIn]].map(isHeldAnyhow)).toEqual([true, true, false, false]);
  // What one policy lets in, no other keeps out.
  expect([[allow], [letIn], [allow, some], [deny, allow]].map(areOpen)).toEqual([true, true, true, true]);
  expect([[deny], [some], [deny, letIn]].map(areOpen)).toEqual([false, false, false]);
});
