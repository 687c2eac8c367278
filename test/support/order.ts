import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, the longest first: begun last, one of them would keep a whole run waiting for it alone. */
const longest: readonly string[] = [
  'terminal/lab',
  'terminal/repair',
  'terminal/session-120x40',
  'nodes/controls-cis',
  'nodes/controls-real',
  'nodes/troubles',
  'nodes/troubles-service',
  'terminal/session-80x24',
  'transport/wire/ask-run',
  'nodes/crash',
  'nodes/profile',
  'terminal/session-canonical',
  'terminal/session-rke',
  'terminal/one-key',
  'terminal/hangup',
  'transport/wire/change',
  'transport/wire/interrupted',
  'run/profiles-lint',
  'transport/wire/drift',
  'transport/sshd',
  'run/export-size',
  'controls/controls',
].map((name) => `test/${name}.test.ts`);

/** Vitest's own order, but for the longest files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification): number => {
      const at = longest.indexOf(relative(project.config.root, moduleId));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
