/**
 * `pfcng doctor`: runs all checks, and says for each fault and warning what to do. It works whether
 * the service runs or not, and creates and changes nothing.
 */
import type { Command } from 'commander';
import { parseRoles, type Roles } from '../../compose/roles.js';
import { errorMessage } from '../../kernel/errors.js';
import { escapeForTerminal, fail, say, styled } from '../../terminal/say.js';
import { type Check, type Facts, gatherFacts } from './check.js';
import { checksFor } from './checks.js';
import type { Finding } from './finding.js';
import { findParts } from './running.js';

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
    const { running } = facts;
    if ('value' in running && running.value.kind === 'answers') results.push(...findParts(running.value));
  } finally {
    if ('value' in facts.store) await facts.store.value.close();
  }
  const isHealthy = results.every(({ state }) => state === 'ok' || state === 'warning');
  if (json) say(JSON.stringify({ ok: isHealthy, checks: results.map(jsonOf) }));
  else for (const result of results) sayResult(result);
  if (!isHealthy) process.exitCode = 1;
}

async function findingOf(check: Check, facts: Facts): Promise<Finding> {
  try {
    return await check.find(facts);
  } catch (error) {
    return {
      state: 'fault',
      detail: `could not be checked: ${errorMessage(error)}`,
    };
  }
}

function needsPerson(state: Finding['state']): boolean {
  return state === 'fault' || state === 'warning';
}

function jsonOf({ name, question, state, detail, whatToDo }: Result) {
  return { name, question, state, detail, ...(needsPerson(state) ? { whatToDo } : {}) };
}

const STATE_COLUMNS = 10;
const NAME_COLUMNS = 24;

const STATE_STYLES = {
  ok: 'good',
  warning: 'doubtful',
  fault: 'bad',
  unchecked: 'doubtful',
} as const satisfies Readonly<Record<Finding['state'], Parameters<typeof styled>[0]>>;

function sayResult({ name, state, detail, whatToDo }: Result): void {
  const [first = '', ...more] = detail.split('\n').map(escapeForTerminal);
  say(`${styled(STATE_STYLES[state], state.padEnd(STATE_COLUMNS))}${name.padEnd(NAME_COLUMNS)}${first}`);
  for (const line of more) say(`${''.padEnd(STATE_COLUMNS + NAME_COLUMNS)}${line}`);
  if (needsPerson(state)) say(`${''.padEnd(STATE_COLUMNS)}what to do: ${escapeForTerminal(whatToDo)}`);
}
