import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import { registryOf } from '../domain/image.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

/** Where images of a registry may come from instead: never with the account or password that the file may hold beside it. */
export type Endpoint = {
  /** Scheme, host and port. */
  readonly host: string;
  /** What stands before the name of an image: `/v2`, or a project below it. */
  readonly base: string;
  /** How curl is told to take its certificate as the container runtime does. */
  readonly tls: readonly string[];
  readonly rewrites: readonly (readonly [pattern: string, to: string])[];
};

/** The endpoints by registry; `*` has those of any other. */
export type Mirrors = ReadonlyMap<string, readonly Endpoint[]>;

const tls = z.looseObject({
  ca_file: z.string().nullish(),
  insecure_skip_verify: z.boolean().nullish(),
});
const file = z.looseObject({
  mirrors: z
    .record(
      z.string(),
      z
        .looseObject({
          endpoint: z.array(z.string()).nullish(),
          rewrite: z.record(z.string(), z.string()).nullish(),
        })
        .nullable(),
    )
    .nullish(),
  configs: z.record(z.string(), z.looseObject({ tls: tls.nullish() }).nullable()).nullish(),
});

/** Reads a file of mirrors as RKE2 and K3s have it. */
export function readMirrors(text: string, path: string): Read<Mirrors> {
  const yaml = parseYaml(text, path);
  if (!yaml.known) return yaml;
  const values = valuesOf(yaml.value, path);
  if (!values.known) return values;
  const read = file.safeParse(values.value ?? {});
  if (!read.success)
    return unread(`${path} is not a file of mirrors: ${read.error.issues[0]?.path.join('.')}`);
  const { mirrors, configs } = read.data;
  return known(
    new Map(
      Object.entries(mirrors ?? {}).map(([registry, mirror]) => {
        const rewrites = Object.entries(mirror?.rewrite ?? {});
        return [
          registry,
          (mirror?.endpoint ?? []).flatMap((url): readonly Endpoint[] => {
            const at = placeOf(url);
            return at ? [{ ...at, tls: tlsWords(configs, at.host), rewrites }] : [];
          }),
        ];
      }),
    ),
  );
}

/** The endpoints that are tried for images of a registry, before itself. */
export function endpointsOf(mirrors: Mirrors, registry: string): readonly Endpoint[] {
  return mirrors.get(registry) ?? mirrors.get('*') ?? [];
}

/** Where an image stands at an endpoint, below its host; undefined where that cannot be told. */
export function manifestPath(image: string, { base, rewrites }: Endpoint): string | undefined {
  const registry = registryOf(image);
  if (registry === undefined) return undefined;
  const [tagged = '', digest] = image.split('@');
  const bare = tagged.startsWith(`${registry}/`) ? tagged.slice(registry.length + 1) : tagged;
  const [, repository = '', tag = 'latest'] = /^(.*?)(?::([^/:]+))?$/.exec(bare) ?? [];
  const full = registry === 'docker.io' && !repository.includes('/') ? `library/${repository}` : repository;
  const name = rewritten(full, rewrites);
  const path = `${base}/${name}/manifests/${digest ?? tag}?ns=${registry}`;
  return name !== undefined && /^[\w./:?=-]+$/.test(path) ? path : undefined;
}

function rewritten(name: string, rewrites: Endpoint['rewrites']): string | undefined {
  try {
    const made = rewrites.map(([pattern, to]) => name.replace(new RegExp(pattern, 'g'), to));
    return made.find((each) => each !== name) ?? name;
  } catch {
    // Go knows forms of patterns that this program does not.
    return undefined;
  }
}

/** Only what lies under /v2 can be asked as a registry is; of any other place nothing is known. */
function placeOf(url: string): Pick<Endpoint, 'host' | 'base'> | undefined {
  const [, scheme = 'https', host, path = ''] =
    /^(?:(https?):\/\/)?(?:[^/@]*@)?([\w.-]+(?::\d+)?)(\/[\w./-]*)?$/.exec(url) ?? [];
  const base = path.replace(/\/+$/, '') || '/v2';
  return host !== undefined && /^\/v2(\/|$)/.test(base) ? { host: `${scheme}://${host}`, base } : undefined;
}

function tlsWords(configs: z.infer<typeof file>['configs'], host: string): readonly string[] {
  const name = host.replace(/^https?:\/\//, '');
  const config = (configs?.[name] ?? configs?.['*'])?.tls;
  if (config?.insecure_skip_verify) return ['-k'];
  return config?.ca_file && /^\/[\w./-]+$/.test(config.ca_file) ? ['--cacert', config.ca_file] : [];
}
