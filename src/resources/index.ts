import type { AnyResource, Resource } from '../domain/resource.ts';
import { account } from './account.ts';
import { addons } from './addons.ts';
import { admissionPlugin } from './admission-plugin.ts';
import { argument } from './argument.ts';
import { argumentFile } from './argument-file.ts';
import { attested } from './attested.ts';
import { auditPolicy } from './audit-policy.ts';
import { auditRules } from './audit-rules.ts';
import { configuredArgument } from './configured-argument.ts';
import { container } from './container.ts';
import { encryptionFile } from './encryption-file.ts';
import { encryptionProvider } from './encryption-provider.ts';
import { file } from './file.ts';
import { files } from './files.ts';
import { generated } from './generated.ts';
import { handedOut } from './handed-out.ts';
import { kernel } from './kernel.ts';
import { kubelet } from './kubelet.ts';
import { layers } from './layers.ts';
import { log } from './log.ts';
import { lookup } from './lookup.ts';
import { match } from './match.ts';
import { module } from './module.ts';
import { object } from './object.ts';
import { ourChanges } from './our-changes.ts';
import { outOfReach } from './out-of-reach.ts';
import { outOfService } from './out-of-service.ts';
import { rancher } from './rancher.ts';
import { resolver } from './resolver.ts';
import { rollout } from './rollout.ts';
import { rpFilter } from './rp-filter.ts';
import { setting } from './setting.ts';
import { sysctl } from './sysctl.ts';
import { unit } from './unit.ts';
import { yaml } from './yaml.ts';

/**
 * A type as the list holds it. Words of the distribution are filled in after the YAML was validated, so what reaches a
 * resource is validated again.
 */
function entry<Wanted, Observed>(resource: Resource<Wanted, Observed>): [string, AnyResource] {
  const { type, schema, ask, askToPlan, read, judge, change } = resource;
  // Remembered for the same object only: one judgement hands the same words to ask, read and judge, and nobody changes them.
  const seen = new WeakMap<object, Wanted>();
  const valid = (wanted: unknown): Wanted => {
    if (typeof wanted !== 'object' || wanted === null) return schema.parse(wanted);
    const parsed = seen.get(wanted) ?? schema.parse(wanted);
    seen.set(wanted, parsed);
    return parsed;
  };
  return [
    type,
    {
      type,
      schema,
      ask: (wanted, place) => ask(valid(wanted), place),
      askToPlan: (wanted, answers, place) => askToPlan?.(valid(wanted), answers, place) ?? [],
      read: (wanted, answers, place) => read(valid(wanted), answers, place),
      judge: (wanted, observed, place) => judge(valid(wanted), observed, place),
      change: (wanted, observed, place) => change(valid(wanted), observed, place),
    } satisfies Resource<unknown, Observed>,
  ];
}

/** Every resource type by its name. */
export const resources: ReadonlyMap<string, AnyResource> = new Map([
  entry(kernel),
  entry(sysctl),
  entry(rpFilter),
  entry(module),
  entry(resolver),
  entry(handedOut),
  entry(lookup),
  entry(rollout),
  entry(log),
  entry(outOfReach),
  entry(layers),
  entry(outOfService),
  entry(file),
  entry(files),
  entry(yaml),
  entry(addons),
  entry(generated),
  entry(match),
  entry(setting),
  entry(argument),
  entry(argumentFile),
  entry(configuredArgument),
  entry(admissionPlugin),
  entry(auditPolicy),
  entry(encryptionProvider),
  entry(kubelet),
  entry(container),
  entry(encryptionFile),
  entry(auditRules),
  entry(account),
  entry(unit),
  entry(object),
  entry(rancher),
  entry(attested),
  entry(ourChanges),
]);
