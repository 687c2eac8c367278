/** So many characters of text are remembered with what came of them. */
const mostRemembered = 500_000;

/**
 * The function with its answers kept, for nodes of a cluster say much the same and many controls read it: the same text gives
 * the very same object, so nobody may change one. With too much text to keep it forgets all and begins anew; one text that is
 * too much by itself is not kept.
 */
export function perText<R>(f: (text: string) => R): (text: string) => R {
  const known = new Map<string, R>();
  let remembered = 0;
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = f(text);
    if (text.length > mostRemembered) return result;
    remembered += text.length;
    if (remembered > mostRemembered) {
      known.clear();
      remembered = text.length;
    }
    known.set(text, result);
    return result;
  };
}
