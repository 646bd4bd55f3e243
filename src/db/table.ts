/**
 * Declares tables. One declaration of the columns gives the table in both databases, the triggers
 * that refuse changes of some columns, and the conversion of records to rows and back. The type of
 * the record stays in `src/ports`; a declaration with a missing, superfluous or wrongly typed
 * column does not compile. The name of a column is that of the member: `accepted_at` for
 * `acceptedAt`. Columns are created in the order of the declaration.
 */
import type { Knex } from 'knex';
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { canonicalJson, type Json } from '../kernel/json.js';
import { textColumn } from './schema/columns.js';
import { anyDiffers, createRowTriggers, differs, type RowTrigger } from './schema/guards.js';
import type { Row } from './tables/columns.js';
import * as columns from './tables/columns.js';

type ColumnFacts = {
  readonly type: 'text' | 'integer' | 'bigInteger' | 'boolean' | 'binary';
  /** The limit for a text; null: there is none, or it is no text. */
  readonly charactersMax: number | null;
  readonly isNullable: boolean;
  readonly isPrimary: boolean;
  /** `fixed`: never changes. `once`: changes from null to a value only. */
  readonly changes: 'freely' | 'fixed' | 'once';
};

type NamedColumn = ColumnFacts & { readonly name: string };

type Columns = Record<string, Knex.Value>;

/** One or several columns that contain one member of a record. */
export type Part<Value> = {
  /** Returns the columns of this member of the record. */
  readonly named: (member: string) => NamedPart<Value>;
};

type NamedPart<Value> = {
  readonly columns: readonly NamedColumn[];
  readonly read: (row: Row) => Value;
  readonly write: (value: Value, into: Columns) => void;
};

type Column<Value> = Part<Value> & {
  readonly nullable: () => Column<Value | null>;
  /** Makes this column alone the primary key. */
  readonly primary: () => Column<Value>;
  /** The value never changes; `guards` has to contain `fixedGuard`. */
  readonly fixed: () => Column<Value>;
  /** A value that is not null never changes; `guards` has to contain `onceGuard`. */
  readonly once: () => Column<Value>;
};

type Codec<Value> = {
  readonly read: (row: Row, column: string) => Value;
  readonly write: (value: Value) => Knex.Value;
};

/** A text of bytes that sort in their order. `Value` may be a brand. */
export function text<Value extends string = string>(charactersMax: number | null = null): Column<Value> {
  // Only values of this type are written to the column.
  const read = (row: Row, name: string) => columns.text(row, name) as Value;
  return column({ ...FACTS, type: 'text', charactersMax }, { read, write: (value) => value });
}

/** A text that is one of the values that a CHECK of the table allows. */
export function oneOf<Value extends string>(values: readonly Value[], charactersMax: number): Column<Value> {
  const read = (row: Row, name: string) => columns.oneOf(row, name, values);
  return column({ ...FACTS, type: 'text', charactersMax }, { read, write: (value) => value });
}

/** A document as canonical JSON. */
export function json<Value extends Json>(): Column<Value> {
  // Only values of this type are written to the column.
  const read = (row: Row, name: string) => columns.json(row, name) as Value;
  return column({ ...FACTS, type: 'text' }, { read, write: canonicalJson });
}

/** An integer of 32 bits. */
export function integer(): Column<number> {
  return column({ ...FACTS, type: 'integer' }, NUMBER);
}

/** An integer of 64 bits. */
export function bigInteger(): Column<number> {
  return column({ ...FACTS, type: 'bigInteger' }, NUMBER);
}

/** An instant, in milliseconds since 1970. */
export const time = bigInteger;

export function flag(): Column<boolean> {
  return column({ ...FACTS, type: 'boolean' }, { read: columns.flag, write: (value) => value });
}

export function bytes(): Column<Bytes> {
  return column({ ...FACTS, type: 'binary' }, { read: columns.bytes, write: columns.blob });
}

/** One column for each member of a record whose members have the same type. */
export function columnEach<Name extends string, Value>(
  names: Readonly<Record<Name, string>>,
  each: Part<Value>,
): Part<Readonly<Record<Name, Value>>> {
  const parts = Object.entries<string>(names).map(([member, name]) => [member as Name, each.named(name)] as const);
  return {
    named: () => ({
      columns: parts.flatMap(([, part]) => part.columns),
      read: (row) => Object.fromEntries(parts.map(([member, part]) => [member, part.read(row)])) as Record<Name, Value>,
      write: (value, into) => {
        for (const [member, part] of parts) part.write(value[member], into);
      },
    }),
  };
}

const FACTS = { charactersMax: null, isNullable: false, isPrimary: false, changes: 'freely' } as const;
const NUMBER: Codec<number> = { read: columns.integer, write: (value) => value };

function column<Value>(facts: ColumnFacts, codec: Codec<Value>): Column<Value> {
  const { read, write } = codec;
  return {
    named: (member) => {
      const name = member.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return {
        columns: [{ ...facts, name }],
        read: (row) => read(row, name),
        write: (value, into) => {
          into[name] = write(value);
        },
      };
    },
    nullable: () =>
      column<Value | null>(
        { ...facts, isNullable: true },
        {
          read: (row, name) => (row[name] === null ? null : read(row, name)),
          write: (value) => (value === null ? null : write(value)),
        },
      ),
    primary: () => column({ ...facts, isPrimary: true }, codec),
    fixed: () => column({ ...facts, changes: 'fixed' }, codec),
    once: () => column({ ...facts, changes: 'once' }, codec),
  };
}

type ChangingGuard = { readonly columns: 'fixed' | 'once'; readonly says: string };

/** The trigger that refuses changes of the columns that are `fixed`. */
export function fixedGuard(says: string): ChangingGuard {
  return { columns: 'fixed', says };
}

/** The trigger that refuses changes of the columns that are written `once`. */
export function onceGuard(says: string): ChangingGuard {
  return { columns: 'once', says };
}

type TableOptions = {
  /** The columns of a primary key of several columns. */
  readonly primary?: readonly string[];
  /** Names of unique constraints, and their columns. */
  readonly uniques?: Readonly<Record<string, readonly string[]>>;
  /** Names of constraints, and their conditions. */
  readonly checks?: Readonly<Record<string, string>>;
  /** Names of indexes, and what follows `on <table>`. */
  readonly indexes?: Readonly<Record<string, string>>;
  /** Names of unique indexes, which may be partial, and what follows `on <table>`. */
  readonly uniqueIndexes?: Readonly<Record<string, string>>;
  readonly guards: readonly (RowTrigger | ChangingGuard)[];
};

export type Table<Stored> = {
  /** Creates the table with its indexes and triggers. */
  readonly create: (db: Knex) => Promise<void>;
  readonly read: (row: Row) => Stored;
  /** Returns the columns of a record, to insert it. */
  readonly write: (record: Stored) => Columns;
  /** Returns the columns of what changes, at least one. What is left out stays as it is. */
  readonly change: (changes: Partial<Stored>) => Columns;
};

export function table<Stored extends object>(
  name: string,
  members: { readonly [Member in keyof Stored]-?: Part<Stored[Member]> },
  options: TableOptions,
): Table<Stored> {
  // The members of the declaration are those of the record.
  const names = Object.keys(members) as unknown as readonly (keyof Stored & string)[];
  const parts = names.map((member) => ({ member, ...members[member].named(member) }));
  const facts = parts.flatMap((part) => part.columns);
  const triggers = options.guards.map((guard) => ('on' in guard ? guard : changingTrigger(guard, facts)));
  for (const changes of ['fixed', 'once'] as const) {
    const isGuarded = options.guards.some((guard) => 'columns' in guard && guard.columns === changes);
    assert(isGuarded || facts.every((fact) => fact.changes !== changes), `columns of ${name} have a guard`);
  }
  return {
    create: (db) => createTable(db, { name, facts, options, triggers }),
    read: (row) => {
      const record: Partial<Stored> = {};
      for (const { member, read } of parts) record[member] = read(row);
      return record as Stored;
    },
    write: (record) => {
      const into: Columns = {};
      for (const { member, write } of parts) write(record[member], into);
      return into;
    },
    change: (changes) => {
      const into: Columns = {};
      for (const { member, write } of parts) {
        const value = changes[member];
        if (value !== undefined) write(value, into);
      }
      assert(Object.keys(into).length > 0, `a change of ${name}`);
      return into;
    },
  };
}

function changingTrigger({ columns: changes, says }: ChangingGuard, facts: readonly NamedColumn[]): RowTrigger {
  const names = facts.filter((fact) => fact.changes === changes).map((fact) => fact.name);
  return changes === 'fixed'
    ? { name: 'birth', on: 'update', when: anyDiffers(names), says }
    : {
        name: 'once',
        on: 'update',
        when: names.map((column) => `(old.${column} is not null and (${differs(column)}))`).join(' or '),
        says,
      };
}

type TableSpecification = {
  readonly name: string;
  readonly facts: readonly NamedColumn[];
  readonly options: TableOptions;
  readonly triggers: readonly RowTrigger[];
};

async function createTable(db: Knex, { name, facts, options, triggers }: TableSpecification): Promise<void> {
  const { primary, uniques = {}, checks = {}, indexes = {}, uniqueIndexes = {} } = options;
  const addText = textColumn(db);
  await db.schema.createTable(name, (made) => {
    for (const { name: column, type, charactersMax, isPrimary, isNullable } of facts) {
      const added = type === 'text' ? addText(made, column, charactersMax ?? undefined) : made[type](column);
      if (isPrimary) added.primary();
      else if (!isNullable) added.notNullable();
    }
    if (primary !== undefined) made.primary(primary);
    for (const [indexName, names] of Object.entries(uniques)) made.unique(names, { indexName });
    for (const [check, condition] of Object.entries(checks)) made.check(condition, undefined, check);
  });
  for (const [index, on] of Object.entries(indexes)) await db.raw(`create index ${index} on ${name} ${on}`);
  for (const [index, on] of Object.entries(uniqueIndexes))
    await db.raw(`create unique index ${index} on ${name} ${on}`);
  await createRowTriggers(db, name, triggers);
}
