import type { AuditEntry } from '../../audit/entry.js';
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { useUi } from '../ui.js';
import { AUDIT_TYPE_LABELS, AUDIT_WORDS, OUTCOME_LABELS } from '../words/audit.js';
import { Table } from './table.js';
import { Badge, Code, Link, Stored, Time } from './text.js';

/** A type that this version of the program does not know is shown as it is. */
export function auditTypeLabel(type: string): Bilingual {
  return Object.hasOwn(AUDIT_TYPE_LABELS, type)
    ? AUDIT_TYPE_LABELS[type as keyof typeof AUDIT_TYPE_LABELS]
    : untranslated(type);
}

type AuditTableProps = {
  readonly caption: Bilingual;
  readonly entries: readonly AuditEntry[];
  readonly empty?: Bilingual;
};

/** Entries of the audit log, each with a link to its page for those who may read the log. */
export function AuditTable({ caption, entries, empty }: AuditTableProps) {
  const { t, number, can } = useUi();
  return (
    <Table
      caption={caption}
      rows={entries}
      rowKey={({ seq }) => String(seq)}
      {...(empty === undefined ? {} : { empty })}
      columns={[
        {
          label: AUDIT_WORDS.number,
          kind: 'number',
          cell: ({ seq }) =>
            can('read-audit') ? <Link to={`/console/audit/${seq}`}>{number(seq)}</Link> : number(seq),
        },
        { label: AUDIT_WORDS.at, cell: ({ keys }) => <Time at={keys.at} /> },
        { label: AUDIT_WORDS.type, cell: ({ keys }) => t(auditTypeLabel(keys.type)) },
        { label: AUDIT_WORDS.outcome, cell: ({ keys }) => <Badge {...OUTCOME_LABELS[keys.outcome]} /> },
        { label: AUDIT_WORDS.actor, cell: ({ keys }) => <Stored>{keys.actor}</Stored> },
        {
          label: AUDIT_WORDS.subject,
          cell: ({ keys: { subjectId } }) => (subjectId === null ? '–' : <Code>{subjectId}</Code>),
        },
      ]}
    />
  );
}
