import { fail, ok, type Result } from '../domain/failure.ts';
import { parseHop } from './paths.ts';
import { type ConfigSource, type HostConfig, resolveHost, type Wanted } from './ssh-config.ts';

const longest = 8;

/** The way to a host as the ssh configuration has it: jump hosts, nearest first, then the host itself. */
export async function resolveRoute(
  wanted: Wanted,
  source: ConfigSource,
  depth = 0,
): Promise<Result<readonly HostConfig[]>> {
  const config = await resolveHost(wanted, source);
  if (!config.ok) return config;
  const { proxyCommand, jumps, alias } = config.value;
  if (proxyCommand !== undefined)
    return refused(
      `The ssh configuration reaches ${alias} through a ProxyCommand (${proxyCommand}), which is not supported here; ProxyJump is.`,
    );
  const [nearest, ...others] = jumps;
  if (nearest === undefined) return ok([config.value]);
  if (depth >= longest)
    return refused(`The jump hosts of ${alias} in the ssh configuration lead in a circle.`);
  const route = await resolveRoute(parseHop(nearest), source, depth + 1);
  if (!route.ok) return route;
  const hops = [...route.value];
  for (const hop of others) {
    const resolved = await resolveHost(parseHop(hop), source);
    if (!resolved.ok) return resolved;
    hops.push(resolved.value);
  }
  return ok([...hops, config.value]);
}

function refused(message: string): Result<never> {
  return fail({ code: 'refused', message });
}
