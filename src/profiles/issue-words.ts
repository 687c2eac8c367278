/** What a schema says of a value, in words that follow the name of its key. Sentences of our own schemas stay as they are. */
export function issueWords(message: string): string {
  const type = /^Invalid input: expected (\w+), received (\w+)$/.exec(message);
  if (type) {
    const wanted = typeWords[type[1] ?? ''] ?? type[1];
    return type[2] === 'undefined' ? `is missing; it should be ${wanted}` : `should be ${wanted}`;
  }
  const options = /^Invalid option: expected one of (.+)$/.exec(message);
  if (options) return `should be one of ${quoted(options[1] ?? '').join(', ')}`;
  const only = /^Invalid input: expected "?([^"]+?)"?$/.exec(message);
  if (only) return `should be ${only[1]}`;
  if (/^Too small: .*(?:>=1 characters?|>0 characters?)$/.test(message)) return 'should not be empty';
  if (/^Too small: .*>=1 items?$/.test(message)) return 'should have at least one entry';
  const items = /^Too (small|big): .*[<>]=(\d+) items?$/.exec(message);
  if (items) return `should have at ${items[1] === 'small' ? 'least' : 'most'} ${items[2]} entries`;
  const small = /^Too small: expected \w+ to (?:be|have) (>=?)(-?\d+)/.exec(message);
  if (small) return `should be ${small[1] === '>' ? 'more than' : 'at least'} ${small[2]}`;
  const big = /^Too big: expected \w+ to (?:be|have) (<=?)(-?\d+)/.exec(message);
  if (big) return `should be ${big[1] === '<' ? 'less than' : 'at most'} ${big[2]}`;
  if (/^Invalid string/.test(message)) return 'is not written as it should be';
  // Schemas of resource types say what it should be.
  if (/^an? /.test(message)) return `should be ${message}`;
  return message === 'Invalid input' ? 'is not of the kind that belongs here' : message;
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
  never: 'left out',
};

function quoted(options: string): readonly string[] {
  return options.split('|').map((option) => option.replaceAll('"', ''));
}
