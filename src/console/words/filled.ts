import type { Bilingual } from '../../kernel/bilingual.js';

/** Puts values into the places of a text: `{count} certificates`. */
export function filled({ fr, en }: Bilingual, values: Readonly<Record<string, string | Bilingual>>): Bilingual {
  const put = (template: string, language: keyof Bilingual): string =>
    template.replace(/\{(\w+)\}/g, (place: string, name: string) => {
      const value = values[name];
      return typeof value === 'object' ? value[language] : (value ?? place);
    });
  return { fr: put(fr, 'fr'), en: put(en, 'en') };
}
