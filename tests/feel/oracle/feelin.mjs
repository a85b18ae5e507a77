// Evaluates FEEL with the library that form-js runs in the browser: reads [{text, scope, input?}] on the standard input, writes their values.
import { readFileSync } from 'node:fs';
import { evaluate, unaryTest } from '@bpmn-io/feelin';

const questions = JSON.parse(readFileSync(0, 'utf8'));

function answer({ text, scope, input, cell }) {
  try {
    const { value } = cell ? unaryTest(text, { ...scope, '?': input }) : evaluate(text, scope);
    return value === undefined ? null : value;
  } catch (error) {
    return { refused: true };
  }
}

process.stdout.write(JSON.stringify(questions.map(answer)));
