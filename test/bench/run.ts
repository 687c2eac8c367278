import { parseArgs } from 'node:util';
import { benchChecking } from './checking.ts';
import { benchScreen } from './screen.ts';
import { misses } from './verdicts.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    nodes: { type: 'string', default: '10,50' },
    'no-ansible': { type: 'boolean', default: false },
  },
});
const rounds = Math.max(5, Number(values.rounds));

if (values.only !== 'check') await benchScreen({ rounds: rounds * 2 + 1 });
if (values.only !== 'screen')
  await benchChecking({
    sizes: values.nodes.split(',').map(Number),
    rounds,
    ansible: !values['no-ansible'],
  });
console.log(misses() === 0 ? '\nEvery goal is met.' : `\n${misses()} goals are missed.`);
process.exit(misses() === 0 ? 0 : 1);
