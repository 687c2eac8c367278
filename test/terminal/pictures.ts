import type { Operator } from './operator.ts';
import { sitDown } from './operator.ts';
import { screenToSvg } from './svg.ts';

/** Every picture, by its name, with what it shows. */
export const titles = {
  start: 'The first screen of k8s-harden',
  probe: 'Every node of the practice cluster was asked',
  controls: 'All controls, node by node',
  control: 'A control: what was found where, why it matters, what it costs and what runs',
  commands: 'The exact commands of a change, the difference, and the way back',
  restarts: 'Which services restart, in which order, behind which gates',
  summary: 'What changed, what is open, and why',
} as const;

export type PictureName = keyof typeof titles;

const size = { columns: 100, rows: 30 };

/** Walks through the lab and takes the pictures on the way; every run gives the same bytes. */
export async function takePictures(program: string): Promise<ReadonlyMap<PictureName, string>> {
  const pictures = new Map<PictureName, string>();
  const at = await sitDown({ program, ...size });
  const take = async (name: PictureName): Promise<void> => {
    await at.see();
    const lines = (await at.colours()).slice(0, size.rows - 1).map(fixed);
    pictures.set(name, screenToSvg(lines, size.columns, titles[name]));
  };
  try {
    await at.start();
    await at.see('Harden a cluster', 'Practise in the lab');
    await take('start');
    await at.press('End', '❯ Practise in the lab');
    await at.press('Enter', 'LAB', 'Step 1 of 9');
    await at.press('Enter', 'Step 2 of 9', '❯ Level 1: CIS');
    await at.press('Enter', 'Step 3 of 9', '5 nodes');
    await at.press('c', 'not known yet');
    await at.press('y', '5 of 5 nodes connected');
    await at.press('c', 'Step 5 of 9', '20 controls asked');
    await take('probe');
    await at.press('c', 'Step 6 of 9', /❯ host\.1/);
    await at.press('Enter', 'host.1', 'a apply', /Runs\s+create/);
    await apply(at);
    await at.press('n', 'host.2', 'a apply');
    await apply(at);
    await at.press('n', 'host.3', 'a apply', /Runs\s+useradd/);
    await take('control');
    await apply(at);
    await at.press('n', 'runtime.1', 'a apply');
    await at.press('a', 'i I have read it');
    await at.press('End', 'What would be refused');
    await at.press('i', 'runtime.1', 'Noted in the record');
    // A notice stands until the next key.
    await at.press('Down', 'runtime.1', /^(?!.*Noted)/s);
    await at.press('Up', 'runtime.1');
    await at.press('d', 'config.yaml.d');
    await take('commands');
    await at.press('Escape', 'a apply');
    await at.press('a', 'type practice and press enter');
    await at.type('practice');
    await at.see('❯ practice');
    await at.press('Enter', 'It has ended');
    await at.press('Escape', 'runtime.1');
    await at.press('Escape', '20 controls', '❯ runtime.1');
    await take('controls');
    await at.press('c', 'Step 7 of 9', 'restarts are due');
    await take('restarts');
    await at.press('c', 'Step 8 of 9', 'changes stand');
    await take('summary');
  } finally {
    await at.close();
  }
  return pictures;
}

async function apply(at: Operator): Promise<void> {
  await at.press('a', 'yes, apply');
  await at.press('y', 'It has ended');
  await at.press('Escape', 'e explain');
}

/** What differs from run to run: session and change ids, ports; and the mark that only tests see. */
function fixed(line: string): string {
  return line
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[a-z0-9]{4}/g, '2026-01-01T09-00-00-demo')
    .replaceAll(/\/\d{4}-\d+-(?=[a-z])/g, '/0001-0-')
    .replaceAll(/127\.0\.0\.1:\d{5}/g, '127.0.0.1:20022')
    .replace(/\s*(?:\x1b\[[\d;]*m)*\s*i\d{3}(?:\x1b\[[\d;]*m)*$/, '');
}
