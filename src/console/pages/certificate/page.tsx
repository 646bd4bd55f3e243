import { ok } from '../../../kernel/result.js';
import { encodePem } from '../../../x509/pem.js';
import { Part } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage, type PageDownload } from '../../page.js';
import { useUi } from '../../ui.js';
import { CERTIFICATE_WORDS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { RELEASE, REVOKE, SUSPEND } from './actions.js';
import { Chain, Extensions, Subject } from './content.js';
import { type CertificateData, loadCertificate } from './data.js';
import { CertificateFacts } from './facts.js';
import { Entries, Life } from './life.js';
import { DoneNotice, StatusNow } from './now.js';
import { RENEW } from './renew.js';
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
        body: [der, ...chain.map(({ certificate }) => certificate)]
          .map((one) => encodePem('CERTIFICATE', one))
          .join(''),
      }),
  },
];

/** One certificate: what it says, what it is now, its life, and what may be done with it. */
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
  actions: [REVOKE, SUSPEND, RELEASE, RENEW],
  downloads: DOWNLOADS,
});

function Certificate(data: CertificateData) {
  const { t } = useUi();
  return (
    <PageFrame title={t(filled(CERTIFICATE_PAGE_WORDS.title, { serial: data.record.serial }))}>
      <DoneNotice {...data} />
      <CertificateFacts {...data} />
      <StatusNow {...data} />
      <Life {...data} />
      {data.der.length === 0 ? null : <Downloads />}
      <Subject {...data} />
      <Extensions {...data} />
      <Chain {...data} />
      <Entries {...data} />
    </PageFrame>
  );
}

const FILE_LABELS = [
  ['certificate.pem', CERTIFICATE_PAGE_WORDS.pem],
  ['certificate.cer', CERTIFICATE_PAGE_WORDS.der],
  ['chain.pem', CERTIFICATE_PAGE_WORDS.chain],
] as const;

function Downloads() {
  const { t, path, href } = useUi();
  return (
    <Part id="downloads" title={CERTIFICATE_PAGE_WORDS.downloads}>
      <ul>
        {FILE_LABELS.map(([name, label]) => (
          <li key={name}>
            <a href={href(`${path}/${name}`)}>{t(label)}</a>
          </li>
        ))}
      </ul>
    </Part>
  );
}
