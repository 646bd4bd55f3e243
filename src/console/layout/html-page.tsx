import type { ComponentChildren } from 'preact';
import { useUi } from '../ui.js';
import { LAYOUT_WORDS } from '../words/layout.js';

/** Paths of style sheets and scripts. */
export type Assets = { readonly styles: readonly string[]; readonly scripts: readonly string[] };

type HtmlPageProps = {
  readonly title: string;
  readonly assets: Assets;
  /** The element `header`. */
  readonly header: ComponentChildren;
  /** The element `nav`; left out: the page has none. */
  readonly navigation?: ComponentChildren;
  readonly contentClass?: string;
  readonly footer: string;
  readonly children: ComponentChildren;
};

/** A whole HTML page: head, link to the content, header, navigation, content and footer. */
export function HtmlPage({ title, assets, header, navigation, contentClass, footer, children }: HtmlPageProps) {
  const { language, t } = useUi();
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        {assets.styles.map((style) => (
          <link key={style} rel="stylesheet" href={style} />
        ))}
        <link rel="icon" href="data:," />
        {assets.scripts.map((script) => (
          <script key={script} src={script} defer />
        ))}
      </head>
      <body>
        <a class="skip" href="#content">
          {t(LAYOUT_WORDS.skip)}
        </a>
        {header}
        <div class="columns">
          {navigation}
          <main id="content" class={contentClass} tabIndex={-1}>
            {children}
          </main>
        </div>
        <footer>
          <p>{footer}</p>
        </footer>
      </body>
    </html>
  );
}
