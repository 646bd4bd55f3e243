import type { ComponentChildren } from 'preact';
import type { Bilingual } from '../../kernel/bilingual.js';
import { LANGUAGES } from '../../kernel/bilingual.js';
import { SECTIONS, type Section } from '../page.js';
import { address, useUi } from '../ui.js';
import { LAYOUT_WORDS } from '../words/layout.js';
import { type Assets, HtmlPage } from './html-page.js';

/** An entry of the navigation. */
export type NavigationLink = { readonly section: Section; readonly path: string; readonly name: Bilingual };

type DocumentProps = {
  readonly title: string;
  readonly assets: Assets;
  readonly isDevelopment: boolean;
  readonly navigation: readonly NavigationLink[];
  readonly children: ComponentChildren;
};

/** A page of the console: header, navigation, content, footer. */
export function Document({ title, assets, isDevelopment, navigation, children }: DocumentProps) {
  const { t } = useUi();
  return (
    <HtmlPage
      title={`${title} · ${t(LAYOUT_WORDS.product)}`}
      assets={assets}
      header={<Header isDevelopment={isDevelopment} first={navigation[0] ?? null} />}
      navigation={navigation.length > 0 && <Navigation links={navigation} />}
      footer={t(LAYOUT_WORDS.leave)}
    >
      {children}
    </HtmlPage>
  );
}

type HeaderProps = {
  readonly isDevelopment: boolean;
  /** The first page that the account opens; null: it opens none. */
  readonly first: NavigationLink | null;
};

function Header({ isDevelopment, first }: HeaderProps) {
  const { t, href, account } = useUi();
  return (
    <header>
      {first === null ? (
        <span class="brand">{t(LAYOUT_WORDS.product)}</span>
      ) : (
        <a class="brand" href={href(first.path)}>
          {t(LAYOUT_WORDS.product)}
        </a>
      )}
      {isDevelopment && (
        <strong class="environment" title={t(LAYOUT_WORDS.development_hint)}>
          {t(LAYOUT_WORDS.development)}
        </strong>
      )}
      <div class="who">
        {account !== null && (
          <span>
            <span class="label">{t(LAYOUT_WORDS.account)}</span> <bdi>{account.name}</bdi>
          </span>
        )}
        {first !== null && (
          <a class="menu" href="#navigation">
            {t(LAYOUT_WORDS.menu)}
          </a>
        )}
        <button type="button" class="live-stop" data-live-stop hidden aria-pressed="false">
          {t(LAYOUT_WORDS.stopLive)}
        </button>
        <LanguageSwitch />
      </div>
    </header>
  );
}

const LANGUAGE_NAMES = { fr: 'Français', en: 'English' } as const;

export function LanguageSwitch() {
  const { language, path, query, t } = useUi();
  return (
    <ul class="languages" aria-label={t(LAYOUT_WORDS.language)}>
      {LANGUAGES.toReversed().map((other) => (
        <li key={other}>
          <a
            href={address(path, { ...query, lang: other })}
            lang={other}
            hreflang={other}
            aria-current={other === language ? 'true' : undefined}
          >
            {LANGUAGE_NAMES[other]}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Navigation({ links }: { readonly links: readonly NavigationLink[] }) {
  const { t, href, path } = useUi();
  const sections = SECTIONS.map((section) => ({ section, links: links.filter((link) => link.section === section) }));
  return (
    <nav id="navigation" class="navigation" aria-label={t(LAYOUT_WORDS.navigation)}>
      {sections
        .filter((section) => section.links.length > 0)
        .map((section) => (
          <div key={section.section}>
            <h2 id={`section-${section.section}`}>{t(LAYOUT_WORDS[section.section])}</h2>
            <ul aria-labelledby={`section-${section.section}`}>
              {section.links.map((link) => (
                <li key={link.path}>
                  <a href={href(link.path)} aria-current={isWithin(path, link.path) ? 'page' : undefined}>
                    {t(link.name)}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
    </nav>
  );
}

function isWithin(path: string, link: string): boolean {
  return link === '/console/' ? path === link : path === link || path.startsWith(`${link}/`);
}
