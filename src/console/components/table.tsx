import type { ComponentChildren } from 'preact';
import type { Bilingual } from '../../kernel/bilingual.js';
import { useUi } from '../ui.js';
import { TABLE_WORDS } from '../words/layout.js';

type Column<Row> = {
  readonly label: Bilingual;
  readonly cell: (row: Row) => ComponentChildren;
  /** Numbers are aligned at their last digit. */
  readonly kind?: 'number';
};

type TableProps<Row> = {
  /** Names the table; read by screen readers, and shown above it. */
  readonly caption: Bilingual;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** What is said when there are no rows, and what to do then. */
  readonly empty?: Bilingual;
};

/**
 * On narrow screens each row becomes a block with the labels beside the values. The roles keep it a
 * table for screen readers, which such a style would take away. Each cell has one element, so that
 * a value of several parts stays in the column of the values.
 */
const ROLES = {
  table: { role: 'table' },
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  head: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const;

export function Table<Row>({ caption, columns, rows, rowKey, empty = TABLE_WORDS.nothing }: TableProps<Row>) {
  const { t } = useUi();
  if (rows.length === 0) return <p class="empty">{t(empty)}</p>;
  return (
    <table {...ROLES.table}>
      <caption>{t(caption)}</caption>
      <thead {...ROLES.group}>
        <tr {...ROLES.row}>
          {columns.map(({ label, kind }) => (
            <th {...ROLES.head} key={label.en} scope="col" class={kind}>
              {t(label)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...ROLES.group}>
        {rows.map((row) => (
          <tr {...ROLES.row} key={rowKey(row)}>
            {columns.map(({ label, cell, kind }) => (
              <td {...ROLES.cell} key={label.en} class={kind} data-label={t(label)}>
                <div>{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Links to the next page and back to the first one, which keep the criteria of the list. */
export function Pager({ next, isFirst }: { readonly next: string | null; readonly isFirst: boolean }) {
  const { t, href, path, query } = useUi();
  if (next === null && isFirst) return null;
  return (
    <nav class="pager" aria-label={t(TABLE_WORDS.pages)}>
      {!isFirst && <a href={href(path, { ...query, cursor: undefined })}>{t(TABLE_WORDS.first)}</a>}
      {next !== null && (
        <a rel="next" href={href(path, { ...query, cursor: next })}>
          {t(TABLE_WORDS.next)}
        </a>
      )}
    </nav>
  );
}
