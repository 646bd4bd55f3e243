/**
 * Converts the values that the drivers return to typed values. A column with another type is a bug
 * of ours or a tampered database, and throws `AssertionFailed`.
 */
import { AssertionFailed, assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Json } from '../../kernel/json.js';

export type Row = Readonly<Record<string, unknown>>;

/**
 * Returns the rows of an answer: the driver of SQLite returns them directly, that of PostgreSQL an
 * object that contains them.
 */
export function rowsOf(answer: unknown): readonly Row[] {
  if (Array.isArray(answer)) return answer;
  assert(typeof answer === 'object' && answer !== null && 'rows' in answer, 'a query answers with rows');
  assert(Array.isArray(answer.rows), 'a query answers with rows');
  return answer.rows;
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw unexpected(column, value);
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** Reads an integer. The driver of PostgreSQL returns 64-bit integers as text. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw unexpected(column, value);
  return number;
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column);
}

/** Reads a boolean, which SQLite returns as 0 or 1. */
export function flag(row: Row, column: string): boolean {
  const value = row[column];
  if (value === true || value === 1) return true;
  if (value === false || value === 0) return false;
  throw unexpected(column, value);
}

export function bytes(row: Row, column: string): Bytes {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw unexpected(column, value);
  return new Uint8Array(value);
}

export function bytesOrNull(row: Row, column: string): Bytes | null {
  return row[column] === null ? null : bytes(row, column);
}

export function json(row: Row, column: string): Json {
  return JSON.parse(text(row, column));
}

/** Reads one of the values that a CHECK of the table allows. */
export function oneOf<Value extends string>(row: Row, column: string, values: readonly Value[]): Value {
  const value = text(row, column);
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw unexpected(column, value);
  return found;
}

/** Converts a binary value to the form that both drivers accept. */
export function blob(value: Bytes): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function unexpected(column: string, value: unknown): AssertionFailed {
  return new AssertionFailed(`column ${column} holds a ${value === null ? 'null' : typeof value} that is not expected`);
}

/**
 * A text that sorts after all UUIDs, which begin with a hexadecimal digit. It replaces an absent
 * cursor of pages that begin with the newest id.
 */
export const AFTER_ALL_IDS = 'g';
