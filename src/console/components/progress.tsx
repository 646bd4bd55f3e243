import type { Bilingual } from '../../kernel/bilingual.js';
import { useUi } from '../ui.js';
import { filled } from '../words/filled.js';
import { TABLE_WORDS } from '../words/layout.js';

type ProgressProps = {
  readonly id: string;
  readonly label: Bilingual;
  readonly value: number;
  readonly max: number;
};

/** How much of a whole is done, as a bar and as text. */
export function Progress({ id, label, value, max }: ProgressProps) {
  const { t, number } = useUi();
  // Rounded down, because 100 % means that nothing is left.
  const percent = max === 0 ? 0 : Math.floor((value * 100) / max);
  return (
    <div>
      <label for={id}>{t(label)}</label>
      <progress id={id} class="progress" value={value} max={Math.max(max, 1)} aria-describedby={`${id}-text`} />
      <p id={`${id}-text`}>
        {t(filled(TABLE_WORDS.progress, { value: number(value), max: number(max), percent: String(percent) }))}
      </p>
    </div>
  );
}
