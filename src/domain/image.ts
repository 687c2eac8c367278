/** The registry that an image's name leads to: docker.io where it names none; undefined where the name is a bare number. */
export function registryOf(image: string): string | undefined {
  if (image === '' || /^sha256:/.test(image)) return undefined;
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first : 'docker.io';
}
