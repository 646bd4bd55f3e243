import type { Bilingual } from '../../../kernel/bilingual.js';
import type { Result } from '../../../kernel/result.js';
import type { AskedStatus } from '../../../operations/serving.js';
import { type Fact, Facts } from '../../components/facts.js';
import { Badge, Code, Link, Notice, Part, Time } from '../../components/text.js';
import { useUi } from '../../ui.js';
import { OCSP_LABELS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import type { CertificateData } from './data.js';
import { CERTIFICATE_PAGE_WORDS as WORDS } from './words.js';

/** What OCSP and the newest CRL say, as relying parties get them. */
export function StatusNow({ asked, list, record }: CertificateData) {
  return (
    <Part id="now" title={WORDS.now}>
      <Ocsp asked={asked} isRevoked={isRevoked(record)} />
      <Facts facts={listFacts({ list, record })} />
    </Part>
  );
}

function isRevoked({ state: { status } }: CertificateData['record']): boolean {
  return status === 'revoked' || status === 'suspended';
}

type OcspProps = { readonly asked: CertificateData['asked']; readonly isRevoked: boolean };

function Ocsp({ asked, isRevoked: isRevokedHere }: OcspProps) {
  const { t } = useUi();
  if (asked === null) return null;
  if (!asked.ok)
    return (
      <Notice tone="warn">
        <p>{t(WORDS.notAsked)}</p>
        <p>
          {t(WORDS.detail)} <Code>{asked.error}</Code>
        </p>
      </Notice>
    );
  const { status, producedAt, nextUpdate, tookMs } = asked.value;
  return (
    <>
      {(status === 'revoked') !== isRevokedHere && (
        <Notice tone="warn">
          <p>{t(WORDS.differs)}</p>
        </Notice>
      )}
      <Facts
        facts={[
          { label: WORDS.ocsp, value: <Badge {...OCSP_LABELS[status]} /> },
          { label: WORDS.producedAt, value: <Time at={producedAt} /> },
          { label: WORDS.answerUntil, value: <Time at={nextUpdate} /> },
          { label: WORDS.took, value: t(filled(WORDS.milliseconds, { ms: String(tookMs) })) },
        ]}
      />
    </>
  );
}

function listFacts({ list, record }: Pick<CertificateData, 'list' | 'record'>): readonly Fact[] {
  if (list === null) return [{ label: WORDS.crl, value: <Said words={WORDS.noCrl} /> }];
  const { crl, says } = list;
  return [
    {
      label: WORDS.crl,
      value: (
        <>
          <Link to={`/console/lists/${record.issuer}`}>
            <Said words={filled(WORDS.crlNumber, { number: String(crl.number) })} />
          </Link>{' '}
          <Time at={crl.thisUpdate} />
        </>
      ),
    },
    { label: WORDS.crlSays, value: <Said words={WORDS[says]} /> },
  ];
}

function Said({ words }: { readonly words: Bilingual }) {
  const { t } = useUi();
  return t(words);
}

/** What is said after an action, if it is true: an address may name any action. */
const DONE: Readonly<Record<string, (data: CertificateData) => Bilingual | null>> = {
  revoke: ({ record: { state } }) => (state.status === 'revoked' ? WORDS.doneRevoke : null),
  suspend: ({ record: { state } }) => (state.status === 'suspended' ? WORDS.doneSuspend : null),
  release: ({ record: { state }, events }) =>
    state.status === 'issued' && events.length > 0 ? WORDS.doneRelease : null,
  renew: ({ renews }) => (renews === null ? null : WORDS.doneRenew),
};

/** The evidence of what has just been done. */
export function DoneNotice(data: CertificateData) {
  const { t, number } = useUi();
  const { done, asked, events } = data;
  const says = Object.hasOwn(DONE, done) ? DONE[done]?.(data) : null;
  if (says === null || says === undefined) return null;
  const entry = events.at(-1)?.auditSeq;
  return (
    <Notice tone="good">
      <p>
        <strong>{t(says)}</strong>
      </p>
      <AnswerOf asked={asked} />
      {entry !== undefined && <p>{t(filled(WORDS.evidenceEntry, { number: number(entry) }))}</p>}
    </Notice>
  );
}

function AnswerOf({ asked }: { readonly asked: Result<AskedStatus, string> | null }) {
  const { t } = useUi();
  if (asked === null || !asked.ok) return null;
  const { status, tookMs } = asked.value;
  return <p>{t(filled(WORDS.evidenceOcsp, { status: OCSP_LABELS[status].label, ms: String(tookMs) }))}</p>;
}
