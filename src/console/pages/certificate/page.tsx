import { err, ok } from '../../../kernel/result.js';
import { text } from '../../../texts/text.js';
import { encodePem } from '../../../x509/pem.js';
import { Part } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { type Download, definePage, type PageDownload } from '../../page.js';
import { useUi } from '../../ui.js';
import { CERTIFICATE_WORDS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { RELEASE, REVOKE, SUSPEND } from './actions.js';
import { Chain, Extensions, PrintedText, Subject } from './content.js';
import { type CertificateData, loadCertificate } from './data.js';
import { CertificateFacts } from './facts.js';
import { Entries, Life } from './life.js';
import { DoneNotice, StatusNow } from './now.js';
import { RENEW } from './renew.js';
import { CERTIFICATE_PAGE_WORDS } from './words.js';

const PEM_TYPE = 'application/x-pem-file';

/** A file that has the certificate, if its octets may be known. */
function fileOf(
  name: string,
  make: (data: CertificateData) => Omit<Download, 'filename'> & { readonly ending: string },
): PageDownload<CertificateData> {
  return {
    name,
    action: 'read',
    make: async (_context, _request, data) => {
      if (data.der.length === 0) return err({ kind: 'not-found', message: text('certificate-not-shown') });
      const { ending, ...file } = make(data);
      return ok({ ...file, filename: `${data.record.serial}${ending}` });
    },
  };
}

const DOWNLOADS: readonly PageDownload<CertificateData>[] = [
  fileOf('certificate.pem', ({ der }) => ({ type: PEM_TYPE, ending: '.pem', body: encodePem('CERTIFICATE', der) })),
  fileOf('certificate.cer', ({ der }) => ({ type: 'application/pkix-cert', ending: '.cer', body: der })),
  fileOf('chain.pem', ({ der, chain }) => ({
    type: PEM_TYPE,
    ending: '-chain.pem',
    body: [der, ...chain.map(({ certificate }) => certificate)].map((one) => encodePem('CERTIFICATE', one)).join(''),
  })),
];

/** One certificate: what it says, what it is now, its life, and what may be done with it. */
export const CERTIFICATE_PAGE = definePage<CertificateData>({
  id: 'certificate',
  path: '/console/certificates/{id}',
  name: CERTIFICATE_WORDS.one,
  section: null,
  opensFor: ['read'],
  query: ['done', 'text'],
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
      {data.der.length === 0 ? null : <PrintedText {...data} />}
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
