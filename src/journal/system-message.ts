/** What the system said of a file operation that failed; anything else is a bug and goes on upwards. */
export function messageOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.message.startsWith(`${error.code}: `)
      ? error.message.slice(error.code.length + 2)
      : error.message;
  throw error;
}
