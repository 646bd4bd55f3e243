import { sha256Hex } from '../../../kernel/digest.js';
import type { Issuer } from '../../../x509/model.js';
import { Facts } from '../../components/facts.js';
import { Table } from '../../components/table.js';
import { Code, Day, Link, Notice, Part, Stored } from '../../components/text.js';
import { useUi } from '../../ui.js';
import { CERTIFICATE_WORDS } from '../../words/certificates.js';
import type { CertificateData } from './data.js';
import { type ExplainedExtension, type ExtensionValue, explainExtensions, explainName } from './extensions.js';
import { CERTIFICATE_PAGE_WORDS as WORDS } from './words.js';

export function Subject({ content }: CertificateData) {
  if (content === null) return null;
  return (
    <Part id="subject" title={WORDS.subject}>
      <Facts facts={[{ label: WORDS.version, value: String(content.version) }]} />
      <NameList values={explainName(content.subject)} />
    </Part>
  );
}

function NameList({ values }: { readonly values: readonly ExtensionValue[] }) {
  const { t } = useUi();
  return (
    <dl class="facts">
      {values.map(({ label, text }) => (
        <div key={`${label?.en} ${text}`}>
          <dt>{label === null ? null : t(label)}</dt>
          <dd>
            <Stored>{text}</Stored>
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function Extensions({ content, professions }: CertificateData) {
  const { t } = useUi();
  if (content === null) return null;
  return (
    <Part id="extensions" title={WORDS.extensions}>
      <Table
        caption={WORDS.extensionsCaption}
        rows={explainExtensions(content.extensions, professions)}
        rowKey={({ oid }) => oid}
        columns={[
          { label: WORDS.extension, cell: (extension) => <ExtensionName {...extension} /> },
          { label: WORDS.content, cell: ({ values }) => <Values values={values} /> },
          { label: WORDS.critical, cell: ({ isCritical }) => t(isCritical ? WORDS.isCritical : WORDS.isNotCritical) },
          { label: WORDS.meaning, cell: ({ meaning }) => t(meaning ?? WORDS.unknownExtension) },
        ]}
      />
    </Part>
  );
}

function ExtensionName({ name, oid }: ExplainedExtension) {
  const { t } = useUi();
  return (
    <>
      {t(name)} <Code>{oid}</Code>
    </>
  );
}

function Values({ values }: { readonly values: readonly ExtensionValue[] }) {
  const { t } = useUi();
  return (
    <ul>
      {values.map(({ label, text }) => (
        <li key={`${label?.en} ${text}`}>
          {label !== null && <span>{t(label)} </span>}
          {text !== null && (
            <Code>
              <Stored>{text}</Stored>
            </Code>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What OpenSSL prints about it, which is run when somebody follows the link. */
export function PrintedText({ printed }: CertificateData) {
  const { t, path } = useUi();
  return (
    <Part id="printed" title={WORDS.printed}>
      {printed === null ? (
        <p>
          <Link to={path} query={{ text: 'yes' }}>
            {t(WORDS.print)}
          </Link>
        </p>
      ) : printed.ok ? (
        <pre>
          <Stored>{printed.value}</Stored>
        </pre>
      ) : (
        <Notice tone="warn">
          <p>{t(WORDS.notPrinted)}</p>
          <p>
            {t(WORDS.detail)} <Code>{printed.error}</Code>
          </p>
        </Notice>
      )}
    </Part>
  );
}

export function Chain({ chain }: CertificateData) {
  const { t } = useUi();
  return (
    <Part id="chain" title={WORDS.chainTitle}>
      <Table
        caption={WORDS.chainCaption}
        rows={chain}
        rowKey={({ id }) => id}
        columns={[
          { label: WORDS.authority, cell: ({ id }) => <AuthorityLink id={id} /> },
          { label: WORDS.kind, cell: ({ kind }) => t(kind === 'root' ? WORDS.root : WORDS.issuing) },
          { label: CERTIFICATE_WORDS.subject, cell: (issuer) => <Stored>{nameOf(issuer)}</Stored> },
          { label: CERTIFICATE_WORDS.notAfter, cell: ({ notAfter }) => <Day at={notAfter} /> },
          { label: CERTIFICATE_WORDS.fingerprint, cell: ({ certificate }) => <Code>{sha256Hex(certificate)}</Code> },
        ]}
      />
    </Part>
  );
}

function AuthorityLink({ id }: { readonly id: string }) {
  return (
    <Link to={`/console/lists/${id}`}>
      <Code>{id}</Code>
    </Link>
  );
}

/** The values of its attributes, the most general one first. */
function nameOf({ subject }: Issuer): string {
  return explainName(subject)
    .map(({ text }) => text)
    .join(', ');
}
