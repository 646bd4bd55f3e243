import type { ComponentChildren } from 'preact';
import { Stored } from '../components/text.js';
import { useUi } from '../ui.js';
import { LAYOUT_WORDS } from '../words/layout.js';

/** Title of a page, what may be done with its object, and its content. */
export function PageFrame({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <>
      <div class="title">
        <h1>
          <Stored>{title}</Stored>
        </h1>
        <ActionBar />
      </div>
      {children}
    </>
  );
}

function ActionBar() {
  const { actions, path, href, t } = useUi();
  if (actions.length === 0) return null;
  return (
    <ul id="actions" class="actions" aria-label={t(LAYOUT_WORDS.actions)}>
      {actions.map(({ id, label, tone }) => (
        <li key={id}>
          <a class={tone === undefined ? 'button' : `button ${tone}`} href={href(actionPath(path, id))}>
            {t(label)}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Path of the form of an action of a page. */
function actionPath(path: string, id: string): string {
  return `${path.replace(/\/$/, '')}/${id}`;
}
