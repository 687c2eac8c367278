/** The forms in which a session can be exported, under the names the report room gives them. */
export const exportFormats: readonly {
  readonly id: string;
  readonly title: string;
  readonly about: string;
}[] = [
  {
    id: 'markdown',
    title: 'Markdown',
    about: 'for people: every control, every command, every answer, in order',
  },
  { id: 'json', title: 'JSON', about: 'for programs: the same facts under a published schema' },
  { id: 'summary', title: 'Summary', about: 'plain text, one page: before and after, what is open and why' },
];
