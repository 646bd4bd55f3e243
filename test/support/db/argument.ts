/**
 * A test's database as the argument of a process: its password is worth nothing beyond the test.
 */
import type { DatabaseOptions } from '../../../src/db/open.js';

export function databaseArgument(database: DatabaseOptions): string {
  return JSON.stringify(database.kind === 'sqlite' ? database : { ...database, password: database.password?.() });
}

export function databaseFrom(argument: string): DatabaseOptions {
  const { password, ...rest } = JSON.parse(argument) as { readonly password?: string };
  return { ...rest, password: password === undefined ? null : () => password } as DatabaseOptions;
}
