/**
 * Defines the types of columns. Instants are 64-bit milliseconds since 1970, and documents are
 * canonical JSON as text. Large columns are the last ones of their tables, so that the database can
 * read the other columns without reading them.
 */
import type { Knex } from 'knex';
import { isPostgresql } from './dialect.js';

type AddTextColumn = (table: Knex.CreateTableBuilder, column: string, charactersMax?: number) => Knex.ColumnBuilder;

/**
 * Returns the function that adds a text column, which is compared and sorted byte by byte. SQLite
 * always does so. In PostgreSQL, an index in the sort order of a language can become invalid with
 * an update of a library of the system.
 */
export function textColumn(db: Knex): AddTextColumn {
  const collation = isPostgresql(db) ? ' collate "C"' : '';
  return (table, column, charactersMax) => {
    const type = charactersMax === undefined ? 'text' : `varchar(${charactersMax})`;
    return table.specificType(column, `${type}${collation}`);
  };
}
