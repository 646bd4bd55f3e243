/** Which of the lists that its issuer may have one is, by what its extensions say. */
import { kindOf } from '../../policy/publication/crl-scopes.js';
import { freshestAddresses } from './extensions.js';
import type { CrlShape } from './shapes.js';
import type { CrlLintContext, ExtendedCrl } from './subjects.js';

/** Of all certificates, where nothing is said of deltas: the lists of roots, and of ceremonies. */
export const PLAIN_LIST = { scope: 'full', partitionUrl: null, freshest: [] } as const;

export type Found = {
  readonly kind: 'full' | 'delta';
  /** What names its part; null: all certificates. `cut`: not by one address alone. */
  readonly part: string | null | 'cut';
  /** Those that agree with it in kind and part. */
  readonly alike: readonly CrlShape[];
  /** The one that agrees with it in everything; null: none. */
  readonly shape: CrlShape | null;
};

/** null where any list is right. */
export function shapeFound(list: ExtendedCrl): Found | null {
  const { extensions, header } = list;
  const shapes = shapesOf(header.context);
  if (shapes === null) return null;
  const kind = kindIn(list);
  const part = partIn(list);
  const alike = shapes.filter((one) => kindOf(one.scope) === kind && one.partitionUrl === part);
  const written = freshestAddresses(extensions).join(' ');
  return { kind, part, alike, shape: alike.find((one) => one.freshest.join(' ') === written) ?? null };
}

export function kindIn({ extensions }: ExtendedCrl): 'full' | 'delta' {
  return extensions.baseNumber === null ? 'full' : 'delta';
}

function shapesOf({ shapes, lifeMsMax }: CrlLintContext): readonly CrlShape[] | null {
  if (shapes === 'any') return null;
  return shapes ?? [{ ...PLAIN_LIST, lifeMsMax }];
}

function partIn({ extensions: { issuingPoint } }: ExtendedCrl): Found['part'] {
  if (issuingPoint === null) return null;
  const { addresses, onlyUserCerts, onlyCaCerts } = issuingPoint;
  const [address, another] = addresses ?? [];
  return address === undefined || another !== undefined || onlyUserCerts || onlyCaCerts ? 'cut' : address;
}
