import { sha256Hex } from '../../../kernel/digest.js';
import { ok } from '../../../kernel/result.js';
import { encodePem } from '../../../x509/pem.js';
import { type Fact, Facts } from '../../components/facts.js';
import { Badge, Code, Day, Link, Part, Stored, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage, type PageDownload } from '../../page.js';
import { useUi } from '../../ui.js';
import { CERTIFICATE_WORDS, REASON_LABELS, STATUS_LABELS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { RELEASE, REVOKE, SUSPEND } from './actions.js';
import { type CertificateData, loadCertificate } from './data.js';
import { CERTIFICATE_PAGE_WORDS } from './words.js';

const PEM_TYPE = 'application/x-pem-file';

const DOWNLOADS: readonly PageDownload<CertificateData>[] = [
  {
    name: 'certificate.pem',
    action: 'read',
    make: async (_context, _request, { der, record: { serial } }) =>
      ok({ type: PEM_TYPE, filename: `${serial}.pem`, body: encodePem('CERTIFICATE', der) }),
  },
  {
    name: 'certificate.cer',
    action: 'read',
    make: async (_context, _request, { der, record: { serial } }) =>
      ok({ type: 'application/pkix-cert', filename: `${serial}.cer`, body: der }),
  },
  {
    name: 'chain.pem',
    action: 'read',
    make: async (_context, _request, { der, chain, record: { serial } }) =>
      ok({
        type: PEM_TYPE,
        filename: `${serial}-chain.pem`,
        body: [der, ...chain].map((one) => encodePem('CERTIFICATE', one)).join(''),
      }),
  },
];

/** One certificate: what it says, what it is now, and what may be done with it. */
export const CERTIFICATE_PAGE = definePage<CertificateData>({
  id: 'certificate',
  path: '/console/certificates/{id}',
  name: CERTIFICATE_WORDS.one,
  section: null,
  opensFor: ['read'],
  query: ['done'],
  load: loadCertificate,
  title: ({ record: { serial } }) => filled(CERTIFICATE_PAGE_WORDS.title, { serial }),
  view: (data) => <Certificate {...data} />,
  actions: [REVOKE, SUSPEND, RELEASE],
  downloads: DOWNLOADS,
});

function Certificate(data: CertificateData) {
  const { t, path, href } = useUi();
  return (
    <PageFrame title={t(filled(CERTIFICATE_PAGE_WORDS.title, { serial: data.record.serial }))}>
      <Part id="facts" title={CERTIFICATE_PAGE_WORDS.facts}>
        <Facts facts={[...stateFacts(data), ...contentFacts(data)]} />
      </Part>
      <Part id="downloads" title={CERTIFICATE_PAGE_WORDS.downloads}>
        <ul>
          <li>
            <a href={href(`${path}/certificate.pem`)}>{t(CERTIFICATE_PAGE_WORDS.pem)}</a>
          </li>
          <li>
            <a href={href(`${path}/certificate.cer`)}>{t(CERTIFICATE_PAGE_WORDS.der)}</a>
          </li>
          <li>
            <a href={href(`${path}/chain.pem`)}>{t(CERTIFICATE_PAGE_WORDS.chain)}</a>
          </li>
        </ul>
      </Part>
    </PageFrame>
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

function Reason({ reason }: { readonly reason: keyof typeof REASON_LABELS }) {
  const { t } = useUi();
  return (
    <>
      {t(REASON_LABELS[reason])} <Code>{reason}</Code>
    </>
  );
}

function contentFacts({ record, der }: CertificateData): readonly Fact[] {
  const { profile, holderId, structureId, cardTokenId, renews } = record;
  return [
    { label: CERTIFICATE_WORDS.profile, value: <Code>{profile}</Code> },
    { label: CERTIFICATE_WORDS.issuer, value: <Code>{record.issuer}</Code> },
    {
      label: CERTIFICATE_WORDS.holder,
      value: <Link to={`/console/holders/${encodeURIComponent(holderId)}`}>{holderId}</Link>,
    },
    { label: CERTIFICATE_WORDS.structure, value: structureId && <Stored>{structureId}</Stored> },
    {
      label: CERTIFICATE_WORDS.card,
      value: cardTokenId && <Link to={`/console/cards/${cardTokenId}`}>{cardTokenId}</Link>,
    },
    { label: CERTIFICATE_WORDS.notBefore, value: <Day at={record.notBefore} /> },
    { label: CERTIFICATE_WORDS.notAfter, value: <Day at={record.notAfter} /> },
    { label: CERTIFICATE_WORDS.issuedAt, value: <Time at={record.createdAt} /> },
    { label: CERTIFICATE_WORDS.account, value: <Code>{record.accountId}</Code> },
    { label: CERTIFICATE_WORDS.keyType, value: record.keyType },
    { label: CERTIFICATE_WORDS.key, value: <Code>{record.spkiSha256}</Code> },
    { label: CERTIFICATE_WORDS.fingerprint, value: <Code>{sha256Hex(der)}</Code> },
    { label: CERTIFICATE_WORDS.renews, value: renews && <Link to={`/console/certificates/${renews}`}>{renews}</Link> },
  ];
}
