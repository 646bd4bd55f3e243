import { err, ok } from '../../../kernel/result.js';
import { text } from '../../../texts/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { Markdown } from '../../markdown/markdown.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import type { Words } from '../../words/words.js';

const RUNBOOK_WORDS = {
  name: { fr: "Guide d'exploitation", en: 'Runbook' },
  about: {
    fr: "Ce texte est celui de la version qui tourne. Il n'existe qu'en anglais.",
    en: 'This text is that of the version that runs.',
  },
} as const satisfies Words;

type RunbookData = { readonly name: string; readonly content: string };

/** One page of the runbook, as it is in the package. */
export const RUNBOOK_PAGE = definePage<RunbookData>({
  id: 'runbook',
  path: '/console/runbook/{name}',
  name: RUNBOOK_WORDS.name,
  section: null,
  opensFor: ['read-nodes'],
  query: [],
  load: async ({ runbook }, { params }) => {
    const name = params.name ?? '';
    const content = await runbook(name);
    return content === null ? err({ kind: 'not-found', message: text('no-such-name') }) : ok({ name, content });
  },
  title: ({ name }) => ({ fr: `${RUNBOOK_WORDS.name.fr}, ${name}`, en: `${RUNBOOK_WORDS.name.en}, ${name}` }),
  view: (data) => <Runbook {...data} />,
});

function Runbook({ name, content }: RunbookData) {
  const { t } = useUi();
  return (
    <PageFrame title={`${t(RUNBOOK_WORDS.name)}, ops/${name}.md`}>
      <p>{t(RUNBOOK_WORDS.about)}</p>
      <div class="prose" lang="en">
        <Markdown text={content} title={`ops/${name}.md`} />
      </div>
    </PageFrame>
  );
}
