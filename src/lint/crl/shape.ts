/** Finds which of its issuer's CRLs a CRL is, by its extensions. */
import { kindOf } from '../../policy/publication/crl-scopes.js';
import { freshestAddresses } from './extensions.js';
import type { CrlShape } from './shapes.js';
import type { CrlLintContext, ExtendedCrl } from './subjects.js';

/** The CRL of all certificates of an issuer without deltas: that of roots and of ceremonies. */
export const PLAIN_LIST = { scope: 'full', partitionUrl: null, freshest: [] } as const;

type CrlShapeMatch = {
  readonly kind: 'full' | 'delta';
  /**
   * The address that names its partition; null: all certificates. `restricted`: it is restricted in
   * another way.
   */
  readonly partition: string | null | 'restricted';
  /** The CRLs of the issuer with the same kind and partition. */
  readonly candidates: readonly CrlShape[];
  /** The CRL of the issuer that matches in everything; null: none. */
  readonly shape: CrlShape | null;
};

/** null when the context allows any CRL. */
export function matchCrlShape(list: ExtendedCrl): CrlShapeMatch | null {
  const { extensions, header } = list;
  const shapes = shapesOf(header.context);
  if (shapes === null) return null;
  const kind = kindIn(list);
  const partition = partitionIn(list);
  const candidates = shapes.filter((one) => kindOf(one.scope) === kind && one.partitionUrl === partition);
  const written = freshestAddresses(extensions).join(' ');
  return { kind, partition, candidates, shape: candidates.find((one) => one.freshest.join(' ') === written) ?? null };
}

export function kindIn({ extensions }: ExtendedCrl): 'full' | 'delta' {
  return extensions.baseNumber === null ? 'full' : 'delta';
}

function shapesOf({ shapes, lifeMsMax }: CrlLintContext): readonly CrlShape[] | null {
  if (shapes === 'any') return null;
  return shapes ?? [{ ...PLAIN_LIST, lifeMsMax }];
}

function partitionIn({ extensions: { issuingPoint } }: ExtendedCrl): CrlShapeMatch['partition'] {
  if (issuingPoint === null) return null;
  const { addresses, onlyUserCerts, onlyCaCerts } = issuingPoint;
  const [address, another] = addresses ?? [];
  return address === undefined || another !== undefined || onlyUserCerts || onlyCaCerts ? 'restricted' : address;
}
