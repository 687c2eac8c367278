/** An element of an XML document: its name, its attributes, and what stands in it. */
export type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
};

type Open = {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
};

const token = /<\/([A-Za-z][\w.-]*)>|<([A-Za-z][\w.-]*)((?: [A-Za-z][\w.-]*="[^"<]*")*)(\/?)>|([^<]+)/y;

/** Reads the plain part of XML 1.0 that our documents keep to; anything else (a comment, CDATA, a DTD, a stray sign) is an error. */
export function readXml(source: string): Element {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!source.startsWith(head)) throw new Error('it does not begin as an XML document');
  const odd = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(source);
  if (odd) throw new Error(`a sign that XML does not allow: U+${odd[0].codePointAt(0)?.toString(16)}`);
  const body = source.slice(head.length);
  const document: Open = { name: '', attributes: {}, children: [], text: '' };
  const stack = [document];
  token.lastIndex = 0;
  while (token.lastIndex < body.length) {
    const at = token.lastIndex;
    const found = token.exec(body);
    const top = stack.at(-1) as Open;
    if (!found) throw new Error(`not XML: ${body.slice(at, at + 80)}`);
    const [, end, name, attributes = '', empty, text] = found;
    if (end !== undefined) {
      if (end !== top.name) throw new Error(`</${end}> ends <${top.name}>`);
      stack.pop();
    } else if (name !== undefined) {
      const element: Open = { name, attributes: attributesOf(attributes), children: [], text: '' };
      top.children.push(element);
      if (empty === '') stack.push(element);
    } else top.text += plain(text ?? '');
  }
  const [root] = document.children;
  if (stack.length !== 1 || document.children.length !== 1 || !root || document.text.trim() !== '')
    throw new Error('it is not one element');
  return root;
}

function attributesOf(text: string): Record<string, string> {
  const list = [...text.matchAll(/ ([\w.-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    plain(value),
  ]);
  if (new Set(list.map(([name]) => name)).size !== list.length) throw new Error(`an attribute twice:${text}`);
  return Object.fromEntries(list);
}

function plain(text: string): string {
  const known: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replaceAll(/&([^;]*;?)/g, (_, entity: string) => {
    const sign = known[entity.slice(0, -1)];
    if (!entity.endsWith(';') || sign === undefined) throw new Error(`&${entity} is no entity`);
    return sign;
  });
}
