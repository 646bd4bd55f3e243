import type { VerifiedTranscript } from '../../../ceremony/verify/model.js';
import { describeVerifyFault } from '../../../ceremony/verify/verify.js';
import type { CeremonyVerdict } from '../../../operations/ceremonies/verify-ceremony.js';
import { Facts } from '../../components/facts.js';
import { Badge, Code, Link } from '../../components/text.js';
import { useUi } from '../../ui.js';
import { CEREMONY_WORDS as WORDS } from '../../words/ceremonies.js';
import { filled } from '../../words/filled.js';

/** What the verification has found. It is run when somebody follows its link. */
export function Verification({ verdict }: { readonly verdict: CeremonyVerdict | null }) {
  const { t, path } = useUi();
  return (
    <>
      <p class="hint">{t(WORDS.verificationHint)}</p>
      {verdict !== null && <Verdict verdict={verdict} />}
      <p>
        <Link to={path} query={{ verify: 'yes' }}>
          {t(WORDS.verify)}
        </Link>
      </p>
    </>
  );
}

function Verdict({ verdict }: { readonly verdict: CeremonyVerdict }) {
  const { t } = useUi();
  if (verdict.ok) return <Right {...verdict.value} />;
  return (
    <Facts
      facts={[
        { label: WORDS.verification, value: <Badge tone="bad" label={WORDS.wrong} /> },
        { label: WORDS.why, value: t(describeVerifyFault(verdict.error)) },
      ]}
    />
  );
}

function Right({ lines, artefacts, head, isSigned, signedBy, linesAfterSignature }: VerifiedTranscript) {
  const { t, number } = useUi();
  const counts = filled(WORDS.counts, { lines: number(lines), files: number(artefacts) });
  return (
    <>
      <Facts
        facts={[
          {
            label: WORDS.verification,
            value: (
              <>
                <Badge tone="good" label={WORDS.verified} /> {t(counts)}
              </>
            ),
          },
          { label: WORDS.head, value: <Code>{head}</Code> },
          { label: WORDS.signature, value: t(isSigned ? WORDS.isSigned : WORDS.notSigned) },
          { label: WORDS.signedBy, value: signedBy.join(', ') },
          { label: WORDS.after, value: linesAfterSignature === 0 ? null : number(linesAfterSignature) },
        ]}
      />
      <p class="hint">{t(WORDS.headHint)}</p>
    </>
  );
}
