import { parseArgs } from 'node:util';
import { buildProgram } from '../terminal/build.ts';
import { benchChecking } from './checking.ts';
import { benchScreen } from './screen.ts';
import { misses } from './verdicts.ts';
import { repository } from './wire.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    nodes: { type: 'string', default: '10,50' },
    'no-ansible': { type: 'boolean', default: false },
  },
});
const rounds = Math.max(5, Number(values.rounds));

const built = await buildProgram(repository);
try {
  if (values.only !== 'check') await benchScreen({ program: built.program, rounds: rounds * 2 + 1 });
  if (values.only !== 'screen')
    await benchChecking({
      program: built.program,
      sizes: values.nodes.split(',').map(Number),
      rounds,
      ansible: !values['no-ansible'],
    });
} finally {
  built.remove();
}
console.log(misses() === 0 ? '\nEvery goal is met.' : `\n${misses()} goals are missed.`);
process.exit(misses() === 0 ? 0 : 1);
