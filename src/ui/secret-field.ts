/** Where the characters of a password stay while it is typed: in this closure and nowhere else. */
export type SecretField = {
  readonly type: (text: string) => void;
  readonly backspace: () => void;
  readonly clear: () => void;
  /** The characters, forgotten here at once. */
  readonly take: () => string;
};

/** An empty secret. */
export function createSecretField(): SecretField {
  let characters: readonly string[] = [];
  return {
    type: (text) => {
      characters = [...characters, ...text];
    },
    backspace: () => {
      characters = characters.slice(0, -1);
    },
    clear: () => {
      characters = [];
    },
    take: () => {
      const text = characters.join('');
      characters = [];
      return text;
    },
  };
}
