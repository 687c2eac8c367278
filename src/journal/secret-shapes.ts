import type { Range } from './ranges.ts';

// Each shape is so much its own that it is covered wherever it stands. What is covered is the group `secret`.
const shapes: readonly RegExp[] = [
  // Private keys in PEM, whole or cut off, with real or escaped line breaks.
  /(?<secret>-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:(?<=\n|\\n)[A-Za-z-]+: [^\n\\]*|[A-Za-z0-9+/=\s]|\\+[nr])*(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)?)/dg,
  // The same in base64, as kubeconfig files carry it; a certificate, which is public, begins otherwise.
  /(?<secret>LS0tLS1CRUdJTi(?!BDRVJUSUZJQ0FUR)[A-Za-z0-9+/]{8,}={0,2}(?:\s*\n\s*[A-Za-z0-9+/]{20,}={0,2}(?![^\s"']))*)/dg,
  // JSON web tokens, and anything else that is a JSON object in base64 (join tokens of Canonical Kubernetes).
  /(?<![A-Za-z0-9+/_-])(?<secret>eyJ[A-Za-z0-9+/_-]{12,}={0,2}(?:\.[A-Za-z0-9_-]+){0,4})/dg,
  // Join tokens of RKE2 and K3s.
  /(?<secret>\bK10[A-Za-z0-9]*::[^\s"'\\,;]+)/dg,
  // Keys of AWS, tokens of Rancher, GitHub and GitLab.
  /(?<secret>\b(?:AKIA|ASIA|AROA|AGPA)[A-Z0-9]{16}\b)/dg,
  /(?<secret>\b(?:token|kubeconfig|agent)-[a-z0-9-]+:[a-z0-9]{40,}\b)/dg,
  /(?<secret>\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}))/dg,
  // Bootstrap tokens of kubeadm, tokens of Vault and of Slack.
  /(?<![\w.-])(?<secret>[a-z0-9]{6}\.(?=[a-z]*\d)[a-z0-9]{16})(?![\w.-])/dg,
  /(?<secret>\bhv[sbr]\.[A-Za-z0-9_-]{20,})/dg,
  /(?<secret>\bxox[abeoprs]-[A-Za-z0-9-]{8,})/dg,
  // Names that are words too: only a value of letters and digits is a password.
  /(?<![\w./-])(?:[\w.-]*[._-])?(?:pass|pw)\\*["']?[ \t]*[:=][ \t]*\\*["']?(?<secret>(?=[^\s"',;}/]{0,99}\d)(?=[^\s"',;}/]{0,99}[A-Za-z])[^\s"',;}/]{6,})/dgi,
  // The password of a proxy without a scheme, and those that commands are given.
  /_proxy["']?[ \t]*[:=][ \t]*["']?[^\s:/@"']{1,64}:(?<secret>[^\s"'@]{1,256})@/dgi,
  /\bcurl\b[^|;&]{0,200}?\s(?:-[A-Za-z#]{0,12}[uU]|--(?:proxy-)?user)(?:\s*|=)["']?(?!https?:)[^\s:"']{1,64}:(?<secret>(?<=["'][^\s:"']{1,64}:)[^"'\n]+|[^\s"']+)/dg,
  /\betcdctl\b[^|;&\n]{0,400}?\s--user(?:\s+|=)["']?[^\s:"']{1,64}:(?<secret>(?<=["'][^\s:"']{1,64}:)[^"'\n]+|[^\s"']+)/dg,
  /\s-pass(?:in|out)?[ \t=]+["']?pass:(?<secret>[^\s"']+)/dg,
  /\bhtpasswd\b(?=[^|;&\n]{0,200}\s-[A-Za-z]{0,8}b)[^|;&>\n]{0,300}?\s(?<secret>"[^"\n]*"|'[^'\n]*'|[^\s|;&>"'-][^\s|;&>"']*)(?=["'\\]|\s*(?:[|;&>\n]|$))/dg,
  /\bsshpass\s+-p\s*["']?(?<secret>[^\s"']+)/dg,
  // Password hashes as /etc/shadow holds them.
  /(?<secret>\$(?:[156]|2[abxy]|y|gy|7|argon2id?)\$[./A-Za-z0-9$=,]{12,})/dg,
  // What an HTTP header or an address carries.
  /\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer|token|digest)\s+(?<secret>[^\s"'\\,;]+)/dgi,
  /\bbearer\s+(?<secret>(?=[^\s"'\\]*\d|[^\s"'\\]{24})[A-Za-z0-9._~+/=:-]{8,})/dgi,
  /(?<![\w-])set-cookie\\*["']?[ \t]*:[ \t]*[[\\"']*[^\s=;:"'\\[\]]{1,128}=(?<secret>[^\s;"'\\]+)/dgi,
  /(?<![\w-])cookie\\*["']?[ \t]*:[ \t]*[[\\"']*[^\s=;:"'\\[\]]{1,128}=(?<secret>[^\s;"'\\]+(?:;[ \t]*[^\s=;"'\\]{1,128}=[^\s;"'\\]*)*)/dgi,
  /\bR_SESS=(?<secret>[^\s;"'\\]+)/dg,
  // The password of a datastore without a scheme: user:password@tcp(host:3306)/name.
  /(?<![^\s"'=([,;])[^\s:/@"'=(),;]{1,64}:(?<secret>[^\s"']{1,256})@[a-z0-9]{0,8}\(/dg,
  // The password of an address: up to the last @ before the next address, a slash or an @ inside it too.
  /:\/\/[^\s:/@"']*:(?<secret>(?:(?!:\/\/)[^\s"'])+)@/dg,
];

const hint =
  /PRIVATE KEY|LS0tLS1CRUdJTi|eyJ|K10|AKIA|ASIA|AROA|AGPA|token|kubeconfig|agent-|gh[pousr]_|github_pat_|glpat-|\$[0-9a-z]+\$|authorization|bearer|:\/\/|[a-z0-9]{6}\.[a-z0-9]{16}|hv[sbr]\.|xox|pass|pw|_proxy|curl|etcdctl|cookie|R_SESS|@[a-z0-9]{0,8}\(/i;

/** Where a text holds something that has the shape of a secret. */
export function shapeRanges(text: string): readonly Range[] {
  if (!hint.test(text)) return [];
  return shapes.flatMap((shape) =>
    [...text.matchAll(shape)].flatMap((match): Range[] => {
      const range = match.indices?.groups?.secret;
      return range ? [range] : [];
    }),
  );
}
