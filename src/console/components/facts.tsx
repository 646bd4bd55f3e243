import type { ComponentChildren } from 'preact';
import type { Bilingual } from '../../kernel/bilingual.js';
import { useUi } from '../ui.js';

/** What is known of one thing: names and values. Without a value, a fact is not shown. */
export type Fact = { readonly label: Bilingual; readonly value: ComponentChildren };

export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  const { t } = useUi();
  return (
    <dl class="facts">
      {facts
        .filter(({ value }) => value !== null && value !== undefined && value !== '')
        .map(({ label, value }) => (
          <div key={label.en}>
            <dt>{t(label)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
