import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc in a second (`getconf CLK_TCK`), on every Linux that Node supports. */
const TICKS_A_SECOND = 100;

/**
 * @typedef {object} Process
 * @property {number} pid
 * @property {number} parent
 * @property {number} ticks of it and of its children that have ended
 */

/**
 * The processor time that a process, its descendants and its PostgreSQL servers have used until
 * now, in seconds. A server has left its tree; its folder names the process that has started it
 * (`test/support/db/postgresql-cluster.ts`).
 * @param {number} root process id
 * @returns {number} 0 where there is no /proc
 */
export function cpuSeconds(root) {
  const all = processes();
  const folder = `pfcng-postgresql-${root}-`;
  const family = new Set(all.filter(({ pid }) => pid === root || commandOf(pid).includes(folder)));
  for (const { pid } of family) for (const one of all) if (one.parent === pid) family.add(one);
  return [...family].reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_A_SECOND;
}

/** @returns {readonly Process[]} */
function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

/** @param {number} pid @returns {Process | null} null: it has ended */
function readProcess(pid) {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === '') return null;
  // The second field is a name in brackets, which may have spaces. See proc_pid_stat(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(fields[1]), ticks };
}

/** @param {number} pid */
function commandOf(pid) {
  return read(`/proc/${pid}/cmdline`);
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
