/**
 * `pfcng doctor`: runs all checks, and says for each fault what to do. It works whether the service
 * runs or not, and creates and changes nothing.
 */
import type { Command } from 'commander';
import { parseRoles, type Roles } from '../../compose/roles.js';
import { escapeForTerminal, fail, say } from '../../terminal/say.js';
import { type Check, type Facts, type Finding, gatherFacts } from './check.js';
import { checksFor } from './checks.js';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check the installation, and say for each fault what to do; nothing is changed')
    .option('--roles <roles>', 'the roles of the process to check: all, or some of api,responder,worker', 'all')
    .option('--json', 'print the result as JSON')
    .action(async ({ roles, json }: { readonly roles: string; readonly json?: boolean }) => {
      const parsed = parseRoles(roles);
      return parsed.ok ? doctor(parsed.value, json === true) : fail([parsed.error]);
    });
}

type Result = Pick<Check, 'name' | 'question' | 'whatToDo'> & Finding;

async function doctor(roles: Roles, json: boolean): Promise<void> {
  const facts = await gatherFacts(roles);
  const results: Result[] = [];
  try {
    for (const check of checksFor(roles)) results.push({ ...check, ...(await findingOf(check, facts)) });
  } finally {
    if ('value' in facts.store) await facts.store.value.close();
  }
  const isHealthy = results.every(({ state }) => state === 'ok');
  if (json) say(JSON.stringify({ ok: isHealthy, checks: results.map(jsonOf) }));
  else for (const result of results) for (const line of linesOf(result)) say(escapeForTerminal(line));
  if (!isHealthy) process.exitCode = 1;
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

const STATE_COLUMNS = 10;
const NAME_COLUMNS = 20;

function linesOf({ name, state, detail, whatToDo }: Result): readonly string[] {
  const [first = '', ...more] = detail.split('\n');
  return [
    `${state.padEnd(STATE_COLUMNS)}${name.padEnd(NAME_COLUMNS)}${first}`,
    ...more.map((line) => `${''.padEnd(STATE_COLUMNS + NAME_COLUMNS)}${line}`),
    ...(state === 'fault' ? [`${''.padEnd(STATE_COLUMNS)}what to do: ${whatToDo}`] : []),
  ];
}
