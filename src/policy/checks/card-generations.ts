/** Checks of the generations of cards that a schema cannot express. */
import { faultIn, type PolicyDocuments } from '../load/documents.js';
import type { PolicyFault } from '../model.js';

/** The name of a generation is a part of JSON pointers in `sources`. */
const NAME = /^[a-z][a-z0-9-]{0,31}$/;

export function cardGenerationFaults({ cardGenerations }: PolicyDocuments): readonly PolicyFault[] {
  return Object.keys(cardGenerations.body.generations)
    .filter((name) => !NAME.test(name))
    .map((name) => faultIn(cardGenerations, `/generations/${name}`, 'is not a name of a generation'));
}
