import type { Bilingual } from '../../kernel/bilingual.js';
import { Facts } from '../components/facts.js';
import { Code, Link } from '../components/text.js';
import { useUi } from '../ui.js';
import { FAILURE_WORDS } from '../words/layout.js';

export type FailureView = {
  readonly title: string;
  /** What happened and what to do, one sentence each. */
  readonly details: readonly (string | Bilingual)[];
  readonly requestId: string;
  /** null: the failure has nothing to do with the client's certificate. */
  readonly presented: PresentedCertificate | 'none' | null;
};

type FailureProps = FailureView & {
  /** The first page that the account opens, or may open; null: it opens none. */
  readonly home: string | null;
};

type PresentedCertificate = {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly sha256: string;
};

/** A page that cannot be shown, with the certificate that was presented where it is the reason. */
export function Failure({ title, details, requestId, presented, home }: FailureProps) {
  const { t } = useUi();
  return (
    <>
      <h1>{title}</h1>
      {details.map((detail) => {
        const said = typeof detail === 'string' ? detail : t(detail);
        return <p key={said}>{said}</p>;
      })}
      {presented === 'none' && <p>{t(FAILURE_WORDS.noCertificate)}</p>}
      {presented !== null && presented !== 'none' && (
        <section aria-labelledby="presented-title">
          <h2 id="presented-title">{t(FAILURE_WORDS.presented)}</h2>
          <Facts
            facts={[
              { label: FAILURE_WORDS.subject, value: <bdi>{presented.subject}</bdi> },
              { label: FAILURE_WORDS.issuer, value: <bdi>{presented.issuer}</bdi> },
              { label: FAILURE_WORDS.serial, value: <Code>{presented.serial}</Code> },
              { label: { fr: 'SHA-256', en: 'SHA-256' }, value: <Code>{presented.sha256}</Code> },
            ]}
          />
        </section>
      )}
      <p class="hint">
        {t(FAILURE_WORDS.request)} <Code>{requestId}</Code>
      </p>
      {home !== null && (
        <p>
          <Link to={home}>{t(FAILURE_WORDS.home)}</Link>
        </p>
      )}
    </>
  );
}
