/** How names end whose value is a secret: token, agent-token, K3S_TOKEN, joinToken, client-key-data, db_pass, vpn-auth … */
export const secretEnding =
  '(?:password|passphrase|passwd|pwd|psk|[-_]pass|credentials?|secret|token|(?<![a-z])auth|api[-_]?key|secret[-_]?(?:access[-_]?)?key|access[-_]?key(?:[-_]?id)?|private[-_]?key|encryption[-_]?key|pre[-_]?shared[-_]?key|aad[-_]?client[-_]?key|(?<!public|host|client|sort|primary|topology)[-_]key|client-(?:key|certificate)-data|dockerconfigjson)';

const sensitiveName = new RegExp(`(?:^|[^/])${secretEnding}$`, 'i');

/** Whether a name (of a key in YAML or JSON, of an argument) says that its value is a secret. */
export function isSensitiveName(name: string): boolean {
  return sensitiveName.test(name);
}
