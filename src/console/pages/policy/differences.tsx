import { decideAccess } from '../../../access/decide.js';
import { type Bilingual, untranslated } from '../../../kernel/bilingual.js';
import { ok, type Result } from '../../../kernel/result.js';
import type { Change } from '../../../policy/load/difference.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Link, Notice, Part, type Tone } from '../../components/text.js';
import { paged } from '../../cursors.js';
import { PageFrame } from '../../layout/page-frame.js';
import { InlineText } from '../../markdown/markdown.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import type { Words } from '../../words/words.js';

const DIFFERENCE_WORDS = {
  name: { fr: 'Différences entre deux politiques', en: 'Differences between two policies' },
  hint: {
    fr: "De la politique en vigueur à celle de l'environnement {other}, lue dans les mêmes fichiers. L'adresse publique de la configuration n'est pas comparée.",
    en: 'From the policy in force to that of the environment {other}, read from the same files. The public address of the configuration is not compared.',
  },
  changes: { fr: 'Valeurs', en: 'Values' },
  caption: { fr: 'Ce qui change, et ce qui reste à décider', en: 'What changes, and what is left to decide' },
  none: { fr: 'Rien ne change.', en: 'Nothing changes.' },
  change: { fr: 'Différence', en: 'Difference' },
  state: { fr: 'État', en: 'State' },
  decided: { fr: 'Décision', en: 'Decision' },
  unreadable: {
    fr: "Les fichiers de l'autre environnement ne peuvent pas être lus. L'exploitation les contrôle avec pfcng policy check.",
    en: 'The files of the other environment cannot be read. Operators check them with pfcng policy check.',
  },
  back: { fr: 'Politique en vigueur', en: 'Policy in force' },
} as const satisfies Words;

const CHANGE_STATES: Readonly<Record<Change['state'], Bilingual>> = {
  changed: { fr: 'Change', en: 'Changes' },
  kept: { fr: 'Gardée par décision', en: 'Kept by decision' },
  open: { fr: 'À décider', en: 'To be decided' },
};

type DifferencesData = {
  readonly other: string;
  readonly compared: Result<readonly Change[], readonly string[]>;
};

/** What differs between the policy in force and that of the other environment, value by value. */
export const POLICY_DIFFERENCES_PAGE = definePage<DifferencesData>({
  id: 'policy-differences',
  path: '/console/policy/differences',
  name: DIFFERENCE_WORDS.name,
  section: null,
  opensFor: ['read-authorities'],
  query: ['cursor'],
  load: async ({ otherEnvironment }, { account }) => {
    const permitted = decideAccess(account, 'read-authorities', null);
    if (!permitted.ok) return permitted;
    return ok({ other: otherEnvironment.name, compared: otherEnvironment.differences() });
  },
  view: (data) => <Differences {...data} />,
});

function Differences({ other, compared }: DifferencesData) {
  const { t } = useUi();
  return (
    <PageFrame title={t(DIFFERENCE_WORDS.name)}>
      <p>{t(filled(DIFFERENCE_WORDS.hint, { other }))}</p>
      {compared.ok ? (
        <Part id="changes" title={DIFFERENCE_WORDS.changes}>
          <Changes changes={compared.value} />
        </Part>
      ) : (
        <Notice tone="bad">
          <p>{t(DIFFERENCE_WORDS.unreadable)}</p>
          <pre>{compared.error.join('\n')}</pre>
        </Notice>
      )}
      <p>
        <Link to="/console/policy">{t(DIFFERENCE_WORDS.back)}</Link>
      </p>
    </PageFrame>
  );
}

const TONES: Readonly<Record<Change['state'], Tone>> = { changed: 'warn', kept: 'quiet', open: 'bad' };

function Changes({ changes }: { readonly changes: readonly Change[] }) {
  const { query } = useUi();
  const { rows, next } = paged(changes, query.cursor);
  return (
    <>
      <ChangeTable changes={rows} />
      <Pager next={next} isFirst={query.cursor === undefined} />
    </>
  );
}

function ChangeTable({ changes }: { readonly changes: readonly Change[] }) {
  const { t } = useUi();
  return (
    <Table
      caption={DIFFERENCE_WORDS.caption}
      rows={changes}
      rowKey={({ file, pointer }) => `${file}${pointer}`}
      empty={DIFFERENCE_WORDS.none}
      columns={[
        {
          label: DIFFERENCE_WORDS.change,
          cell: (change) => (
            <>
              <InlineText text={t(change)} />
              <p class="hint">
                <Code>{change.pointer === '' ? change.file : `${change.file}#${change.pointer}`}</Code>
              </p>
            </>
          ),
        },
        {
          label: DIFFERENCE_WORDS.state,
          cell: ({ state }) => <Badge tone={TONES[state]} label={CHANGE_STATES[state]} />,
        },
        {
          label: DIFFERENCE_WORDS.decided,
          cell: ({ decisions }) => (decisions.length === 0 ? '–' : t(untranslated(decisions.join(' ; ')))),
        },
      ]}
    />
  );
}
