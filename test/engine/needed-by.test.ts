import { expect, it } from 'vitest';
import { standingOf } from '../../src/engine/needed-by.ts';
import { Practice, shippedProfiles } from '../controls/practice.ts';

const etc = '/var/snap/k8s/common/etc';
const args = '/var/snap/k8s/common/args/kube-apiserver';

async function standing(more: string): Promise<{ inForce: string[]; unsure: string[]; reasons: string[] }> {
  const profile = (await shippedProfiles()).find(({ distribution }) => distribution.id === 'canonical');
  if (!profile) throw new Error('no profile');
  const files = {
    [args]: {
      mode: '0600',
      text: `--admission-control-config-file="${etc}/admission-control-config-file.yaml"\n--enable-admission-plugins="NodeRestriction,EventRateLimit"\n${more}`,
    },
    [`${etc}/admission-control-config-file.yaml`]: {
      mode: '0600',
      text: 'apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n  - name: EventRateLimit\n    path: eventconfig.yaml\n',
    },
    [`${etc}/eventconfig.yaml`]: { mode: '0644', text: 'kind: Configuration\n' },
  };
  const practice = await Practice.open(profile, { nodes: { 'cp-1': { files } } }, 'cp-1');
  const needing = profile.controls.filter(({ needs }) => needs.includes('event-rate-config'));
  const { inForce, unsure } = await standingOf(needing, practice.target, practice.place);
  return {
    inForce: inForce.map(({ id }) => id),
    unsure: unsure.map(({ control }) => control.id),
    reasons: unsure.map(({ reason }) => reason),
  };
}

it('what needs a change is in force, or cannot be told and is not taken for gone', async () => {
  expect(await standing('')).toMatchObject({ inForce: ['event-rate-admission'], unsure: [] });
  const open = await standing('--oidc-username-prefix=$PFX\n');
  expect(open).toMatchObject({ inForce: [], unsure: ['event-rate-admission'] });
  expect(open.reasons.join()).toContain(`${args}:3 has a $`);
});
