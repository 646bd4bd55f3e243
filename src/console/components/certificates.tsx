/** Certificates and what belongs to them, as they are shown on several pages. */
import type { Bilingual } from '../../kernel/bilingual.js';
import { type CertificateStatus, statusOf } from '../../lifecycle/certificate-states.js';
import type { CertificateSummary } from '../../ports/store/certificates.js';
import { useUi } from '../ui.js';
import { ACTOR_WORDS, CERTIFICATE_WORDS, REASON_LABELS, STATUS_LABELS } from '../words/certificates.js';
import { Table } from './table.js';
import { Badge, Code, Day, Link, Stored } from './text.js';

type CertificateTableProps = {
  readonly caption: Bilingual;
  readonly rows: readonly CertificateSummary[];
  /** What is said when there are none, and what to do then. */
  readonly empty: Bilingual;
  /** What all rows have in common, and the page names already: a column that is left out. */
  readonly common?: 'card' | 'holder';
};

/** Certificates as rows, each with a link to its page. */
export function CertificateTable({ caption, rows, empty, common }: CertificateTableProps) {
  return (
    <Table
      caption={caption}
      rows={rows}
      rowKey={({ id }) => id}
      empty={empty}
      columns={[
        { label: CERTIFICATE_WORDS.serial, cell: (row) => <CertificateLink {...row} /> },
        { label: CERTIFICATE_WORDS.status, cell: (row) => <StatusBadge {...row} /> },
        { label: CERTIFICATE_WORDS.profile, cell: ({ profile }) => <Code>{profile}</Code> },
        ...COMMON_COLUMNS.filter(({ of }) => of !== common),
        { label: CERTIFICATE_WORDS.notAfter, cell: ({ notAfter }) => <Day at={notAfter} /> },
      ]}
    />
  );
}

const COMMON_COLUMNS = [
  {
    of: 'holder',
    label: CERTIFICATE_WORDS.holder,
    cell: ({ holderId }: CertificateSummary) => <HolderLink id={holderId} />,
  },
  {
    of: 'card',
    label: CERTIFICATE_WORDS.card,
    cell: ({ cardTokenId }: CertificateSummary) => (cardTokenId === null ? '–' : <CardLink tokenId={cardTokenId} />),
  },
] as const;

/** The status that it has now. */
export function StatusBadge(certificate: Pick<CertificateSummary, 'state' | 'notAfter'>) {
  const { now } = useUi();
  const status = statusOf(certificate, now);
  return status === null ? null : <StatusOf status={status} />;
}

function StatusOf({ status }: { readonly status: CertificateStatus }) {
  return <Badge {...STATUS_LABELS[status]} />;
}

/** For those who may read certificates; others see the number. */
export function CertificateLink({ id, serial }: Pick<CertificateSummary, 'id' | 'serial'>) {
  const { can } = useUi();
  if (!can('read')) return <Code>{serial}</Code>;
  return (
    <Link to={`/console/certificates/${id}`}>
      <Code>{serial}</Code>
    </Link>
  );
}

export function HolderLink({ id }: { readonly id: string }) {
  const { can } = useUi();
  if (!can('read')) return <Stored>{id}</Stored>;
  return (
    <Link to={`/console/holders/${encodeURIComponent(id)}`}>
      <Stored>{id}</Stored>
    </Link>
  );
}

export function CardLink({ tokenId }: { readonly tokenId: string }) {
  const { can } = useUi();
  if (!can('read')) return <Stored>{tokenId}</Stored>;
  return (
    <Link to={`/console/cards/${encodeURIComponent(tokenId)}`}>
      <Stored>{tokenId}</Stored>
    </Link>
  );
}

/** The number of an audit entry, with a link for those who may read it. */
export function EntryLink({ seq }: { readonly seq: number }) {
  const { can, number } = useUi();
  return can('read-audit') ? <Link to={`/console/audit/${seq}`}>{number(seq)}</Link> : number(seq);
}

/** A reason of a revocation in words, with its name in RFC 5280. */
export function Reason({ reason }: { readonly reason: keyof typeof REASON_LABELS }) {
  const { t } = useUi();
  return (
    <>
      {t(REASON_LABELS[reason])} <Code>{reason}</Code>
    </>
  );
}

/** An actor as audit entries name it: an account, a certificate, a campaign, or the platform. */
export function Actor({ actor }: { readonly actor: string }) {
  const { t } = useUi();
  return actor === 'system' ? t(ACTOR_WORDS.system) : <Code>{actor.replace(/^account:/, '')}</Code>;
}
