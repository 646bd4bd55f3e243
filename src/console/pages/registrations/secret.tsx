import type { Registration } from '../../../ports/store/enrolment/registrations.js';
import { Facts } from '../../components/facts.js';
import { Code, Link, Notice } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { REGISTRATION_WORDS as WORDS } from './words.js';

type ShownSecret = { readonly registration: Registration; readonly secret: string | null };

/** Shows a new secret. `secret`: null: a newer one was made, or its key was lost. */
export function SecretOnce({ registration: { id, reference }, secret }: ShownSecret) {
  const { t } = useUi();
  return (
    <PageFrame title={t(filled(WORDS.title, { reference }))}>
      <Notice tone="warn">
        <p>{t(secret === null ? WORDS.lost : WORDS.once)}</p>
      </Notice>
      <Facts
        facts={[
          { label: WORDS.reference, value: <Code>{reference}</Code> },
          { label: WORDS.secret, value: secret && <Code>{secret}</Code> },
        ]}
      />
      <p>
        <Link to={`/console/registrations/${id}`}>{t(WORDS.toPage)}</Link>
      </p>
    </PageFrame>
  );
}
