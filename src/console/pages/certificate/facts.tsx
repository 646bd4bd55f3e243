import { sha256Hex } from '../../../kernel/digest.js';
import { CardLink, CertificateLink, HolderLink, Reason } from '../../components/certificates.js';
import { type Fact, Facts } from '../../components/facts.js';
import { Badge, Code, Day, Link, Part, Stored, Time } from '../../components/text.js';
import { CERTIFICATE_WORDS, STATUS_LABELS } from '../../words/certificates.js';
import type { CertificateData } from './data.js';
import { CERTIFICATE_PAGE_WORDS } from './words.js';

/** What it is now, whose it is, and where it comes from. */
export function CertificateFacts(data: CertificateData) {
  return (
    <Part id="facts" title={CERTIFICATE_PAGE_WORDS.facts}>
      <Facts facts={[...stateFacts(data), ...contentFacts(data)]} />
    </Part>
  );
}

function stateFacts({ record: { state }, status }: CertificateData): readonly Fact[] {
  const now = { label: CERTIFICATE_WORDS.status, value: <Badge {...STATUS_LABELS[status]} /> };
  if (state.status !== 'revoked' && state.status !== 'suspended') return [now];
  const reason = state.status === 'suspended' ? 'certificateHold' : state.reason;
  const since = state.invalidityDate;
  return [
    now,
    {
      label: state.status === 'revoked' ? CERTIFICATE_WORDS.revokedAt : CERTIFICATE_WORDS.suspendedAt,
      value: <Time at={state.at} />,
    },
    { label: CERTIFICATE_WORDS.reason, value: <Reason reason={reason} /> },
    { label: CERTIFICATE_WORDS.invalidityDate, value: since === null ? null : <Time at={since} /> },
  ];
}

function contentFacts({ record, der, order, renews, renewedBy }: CertificateData): readonly Fact[] {
  const { profile, holderId, structureId, cardTokenId, updateId } = record;
  return [
    { label: CERTIFICATE_WORDS.profile, value: <Code>{profile}</Code> },
    { label: CERTIFICATE_WORDS.issuer, value: <Link to={`/console/lists/${record.issuer}`}>{record.issuer}</Link> },
    { label: CERTIFICATE_WORDS.holder, value: <HolderLink id={holderId} /> },
    { label: CERTIFICATE_WORDS.structure, value: structureId && <Stored>{structureId}</Stored> },
    { label: CERTIFICATE_WORDS.card, value: cardTokenId && <CardLink tokenId={cardTokenId} /> },
    { label: CERTIFICATE_WORDS.notBefore, value: <Day at={record.notBefore} /> },
    { label: CERTIFICATE_WORDS.notAfter, value: <Day at={record.notAfter} /> },
    { label: CERTIFICATE_WORDS.issuedAt, value: <Time at={record.createdAt} /> },
    { label: CERTIFICATE_WORDS.account, value: <Code>{record.accountId}</Code> },
    {
      label: CERTIFICATE_PAGE_WORDS.order,
      value: order && <Link to={`/console/orders/${order.orderId}`}>{order.orderId}</Link>,
    },
    {
      label: CERTIFICATE_PAGE_WORDS.update,
      value: updateId && <Link to={`/console/updates/${updateId}`}>{updateId}</Link>,
    },
    { label: CERTIFICATE_WORDS.renews, value: renews && <CertificateLink {...renews} /> },
    {
      label: CERTIFICATE_PAGE_WORDS.renewedBy,
      value: renewedBy.length === 0 ? null : renewedBy.map((one) => <CertificateLink key={one.id} {...one} />),
    },
    { label: CERTIFICATE_WORDS.keyType, value: record.keyType },
    { label: CERTIFICATE_WORDS.key, value: <Code>{record.spkiSha256}</Code> },
    { label: CERTIFICATE_WORDS.fingerprint, value: der.length === 0 ? null : <Code>{sha256Hex(der)}</Code> },
  ];
}
