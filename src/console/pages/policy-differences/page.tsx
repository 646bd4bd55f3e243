import { decideAccess } from '../../../access/decide.js';
import { untranslated } from '../../../kernel/bilingual.js';
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
import { CHANGE_STATES, DIFFERENCE_WORDS as WORDS } from './words.js';

type DifferencesData = {
  readonly other: string;
  readonly compared: Result<readonly Change[], readonly string[]>;
};

/** What differs between the policy in force and that of the other environment, value by value. */
export const POLICY_DIFFERENCES_PAGE = definePage<DifferencesData>({
  id: 'policy-differences',
  path: '/console/policy/differences',
  name: WORDS.name,
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
    <PageFrame title={t(WORDS.name)}>
      <p>{t(filled(WORDS.hint, { other }))}</p>
      {compared.ok ? (
        <Part id="changes" title={WORDS.changes}>
          <Changes changes={compared.value} />
        </Part>
      ) : (
        <Notice tone="bad">
          <p>{t(WORDS.unreadable)}</p>
          <pre>{compared.error.join('\n')}</pre>
        </Notice>
      )}
      <p>
        <Link to="/console/policy">{t(WORDS.back)}</Link>
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
      caption={WORDS.caption}
      rows={changes}
      rowKey={({ file, pointer }) => `${file}${pointer}`}
      empty={WORDS.none}
      columns={[
        {
          label: WORDS.change,
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
          label: WORDS.state,
          cell: ({ state }) => <Badge tone={TONES[state]} label={CHANGE_STATES[state]} />,
        },
        {
          label: WORDS.decided,
          cell: ({ decisions }) => (decisions.length === 0 ? '–' : t(untranslated(decisions.join(' ; ')))),
        },
      ]}
    />
  );
}
