// The figures of feelin for bench/rules.py: reads {condition, scope, cells, input} and writes the milliseconds of one condition and of one table.
import { readFileSync } from 'node:fs';
import { evaluate, unaryTest } from 'feelin';

const { condition, scope, cells, input } = JSON.parse(readFileSync(0, 'utf8'));

function median(run, rounds, batch) {
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let turn = 0; turn < batch; turn++) run();
    times.push((performance.now() - start) / batch);
  }
  return times.sort((a, b) => a - b)[rounds >> 1];
}

// feelin has no tables: the cells of each rule are asked in turn, up to the first that refuses, as a table does.
function table() {
  let matched = 0;
  for (const row of cells) {
    if (row.every((cell, column) => cell === '-' || unaryTest(cell, { ...scope, '?': input[column] }).value === true)) matched++;
  }
  return matched;
}

if (evaluate(condition, scope).value !== true || table() !== 1) throw new Error('feelin does not give the expected answers');
median(() => evaluate(condition, scope), 5, 200);
process.stdout.write(JSON.stringify({ condition: median(() => evaluate(condition, scope), 15, 200), table: median(table, 9, 3) }));
