/** Small pieces of text that look the same on every page. */
import type { ComponentChildren } from 'preact';
import type { Bilingual } from '../../kernel/bilingual.js';
import { useUi } from '../ui.js';

export type Tone = 'good' | 'warn' | 'bad' | 'quiet';

/** A state in one or two words, with a colour that says no more than the words. */
export function Badge({ tone, label }: { readonly tone: Tone; readonly label: Bilingual }) {
  const { t } = useUi();
  return <span class={`badge ${tone}`}>{t(label)}</span>;
}

/**
 * Text of clients and holders: its direction cannot reach what stands around it. The numbers of
 * cards and of structures are wider than a narrow column, and break after their slash.
 */
export function Stored({ children }: { readonly children: ComponentChildren }) {
  const isNumber = typeof children === 'string' && TWO_PARTS.test(children);
  return <bdi>{isNumber ? withBreaks(children) : children}</bdi>;
}

/** `8025000001/2600301752`, alone or after a word, as in a title. */
const TWO_PARTS = /^(\p{L}+ )*\w+\/\w+$/u;

function withBreaks(text: string): ComponentChildren {
  return text.split('/').flatMap((part, at) => (at === 0 ? [part] : ['/', <wbr key={at} />, part]));
}

/** Serial numbers, digests and identifiers. */
export function Code({ children }: { readonly children: ComponentChildren }) {
  return <code class={typeof children === 'string' ? wrappingOf(children) : undefined}>{children}</code>;
}

const SHORT_MAX = 14;
const WORD_MAX = 20;

/** A short name stays on one line, and words within a longer one stay whole; digests break. */
function wrappingOf(text: string): 'short' | 'words' | undefined {
  if (text.length <= SHORT_MAX) return 'short';
  return text.split(/[^\p{L}\p{N}_]/u).every(({ length }) => length <= WORD_MAX) ? 'words' : undefined;
}

export function Time({ at }: { readonly at: number }) {
  const { time } = useUi();
  return <time dateTime={new Date(at).toISOString()}>{time(at)}</time>;
}

export function Day({ at }: { readonly at: number }) {
  const { day } = useUi();
  return <time dateTime={new Date(at).toISOString().slice(0, 10)}>{day(at)}</time>;
}

/** A message that stands out: what was done, what went wrong, what needs somebody. */
export function Notice({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return (
    <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

/** A part of a page with a heading of its own. */
export function Part({
  id,
  title,
  isLive = false,
  children,
}: {
  readonly id: string;
  readonly title: Bilingual;
  /** Whether the script refreshes it every few seconds while the page is visible. */
  readonly isLive?: boolean;
  readonly children: ComponentChildren;
}) {
  const { t } = useUi();
  return (
    <section id={id} aria-labelledby={`${id}-title`} data-live={isLive ? '' : undefined}>
      <h2 id={`${id}-title`}>{t(title)}</h2>
      {children}
    </section>
  );
}

export function Link({
  to,
  query,
  children,
}: {
  readonly to: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly children: ComponentChildren;
}) {
  const { href } = useUi();
  return <a href={href(to, query)}>{children}</a>;
}
