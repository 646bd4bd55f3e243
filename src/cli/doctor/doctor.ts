/**
 * `pfcng doctor`: runs all checks, and says for each fault what to do. It works whether the service
 * runs or not, and creates and changes nothing.
 */
import type { Command } from 'commander';
import { drawn, say } from '../../terminal/say.js';
import { type Check, type Facts, type Finding, gatherFacts } from './check.js';
import { CHECKS } from './checks.js';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check the installation, and say for each fault what to do; nothing is changed')
    .option('--json', 'print the result as JSON')
    .action(({ json }: { readonly json?: boolean }) => doctor(json === true));
}

type Result = Pick<Check, 'name' | 'question' | 'whatToDo'> & Finding;

async function doctor(json: boolean): Promise<void> {
  const facts = await gatherFacts();
  const results: Result[] = [];
  try {
    for (const check of CHECKS) results.push({ ...check, ...(await findingOf(check, facts)) });
  } finally {
    if ('value' in facts.store) await facts.store.value.close();
  }
  const holds = results.every(({ state }) => state === 'ok');
  if (json) say(JSON.stringify({ ok: holds, checks: results.map(jsonOf) }));
  else for (const result of results) for (const line of linesOf(result)) say(drawn(line));
  if (!holds) process.exitCode = 1;
}

async function findingOf(check: Check, facts: Facts): Promise<Finding> {
  try {
    return await check.find(facts);
  } catch (error) {
    return {
      state: 'fault',
      detail: `could not be checked: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function jsonOf({ name, question, state, detail, whatToDo }: Result) {
  return { name, question, state, detail, ...(state === 'fault' ? { whatToDo } : {}) };
}

const NAME_COLUMNS = 14;

function linesOf({ name, state, detail, whatToDo }: Result): readonly string[] {
  const line = `${state.padEnd(10)}${name.padEnd(NAME_COLUMNS)}${detail}`;
  return state === 'fault' ? [line, `${''.padEnd(10)}what to do: ${whatToDo}`] : [line];
}
