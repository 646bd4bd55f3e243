/** Checks of code lists that a schema cannot express: the lists that rules use, each code once. */
import { parseInstant } from '../../kernel/clock.js';
import { type CodeListFile, type Document, faultIn, locationOf, type PolicyDocuments } from '../load/documents.js';
import { CODE_LISTS, type CodeListName, type PolicyFault } from '../model.js';

/** The form of the codes of each list, on which rules and extensions rely. */
const FORMS: Readonly<Record<CodeListName, RegExp>> = {
  departments: /^[0-9][0-9AB][0-9]*$/,
  // Certificates have these codes as INTEGER.
  professions: /^[1-9][0-9]{1,2}$/,
  'special-use-domains': /^[a-z0-9-]+(\.[a-z0-9-]+)*$/,
};

export function codeListFaults({ codeLists, environment }: PolicyDocuments): readonly PolicyFault[] {
  const names = codeLists.map((document) => locationOf(document).name);
  const reserved = codeLists.find((document) => locationOf(document).name === 'special-use-domains')?.body.codes ?? [];
  return [
    ...CODE_LISTS.filter((name) => !names.includes(name)).map((name) => ({
      file: `code-lists/${name}.json`,
      pointer: '',
      message: 'is missing',
    })),
    ...codeLists.flatMap(faultsOfOne),
    ...environment.body.specialUseNames.flatMap((name, at) =>
      reserved.some(({ code }) => code === name)
        ? []
        : [faultIn(environment, `/specialUseNames/${at}`, 'is not in code-lists/special-use-domains.json')],
    ),
  ];
}

function faultsOfOne(document: Document<CodeListFile>): readonly PolicyFault[] {
  const { published, read, codes } = document.body;
  const { name } = locationOf(document);
  const form = FORMS[name as CodeListName];
  if (form === undefined) return [faultIn(document, '', `is not one of the lists ${CODE_LISTS.join(', ')}`)];
  const days = [
    { pointer: '/published', day: published },
    { pointer: '/read', day: read },
    ...codes.map(({ ended }, at) => ({ pointer: `/codes/${at}/ended`, day: ended })),
  ];
  const first = new Map<string, number>();
  for (const [at, { code }] of codes.entries()) if (!first.has(code)) first.set(code, at);
  return [
    ...days
      .filter(({ day }) => day !== undefined && parseInstant(`${day}T00:00:00Z`) === null)
      .map(({ pointer }) => faultIn(document, pointer, 'is not a day that exists')),
    ...codes.flatMap(({ code }, at) => {
      const pointer = `/codes/${at}/code`;
      if (!form.test(code)) return [faultIn(document, pointer, `does not have the form of a code of ${name}`)];
      return first.get(code) === at ? [] : [faultIn(document, pointer, 'is a duplicate')];
    }),
  ];
}
