/**
 * An overlay over the policy files of the development environment: other addresses (another port),
 * other key types (a quick test). It is merged into the files before their schemas and cross-checks
 * run, so that it can express nothing that a file cannot. It is part of the digest.
 */
import { isObject } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { KeyType } from '../../x509/model.js';
import type { PolicyFault } from '../model.js';
import type { Document, RawDocuments } from './documents.js';
import { locationOf } from './documents.js';

/** Objects are merged with those of the file; any other value replaces the file's. */
type Overlay = { readonly [member: string]: unknown };

export type PolicyOverrides = {
  readonly environment?: Overlay | undefined;
  /** By authority id, or `*` for all, which is applied first. */
  readonly authorities?: Readonly<Record<string, Overlay>> | undefined;
  /** By profile id, or `*` for all, which is applied first. */
  readonly profiles?: Readonly<Record<string, Overlay>> | undefined;
};

/**
 * The most common overlays: one key type for all authorities, and one base address for everything
 * that is published.
 */
export function overridesFor(wanted: {
  readonly authorityKeyType?: KeyType | undefined;
  /** `http://127.0.0.1:18080`, without a slash at the end. */
  readonly publicAddress?: string | undefined;
}): PolicyOverrides {
  const { authorityKeyType, publicAddress } = wanted;
  return {
    ...(publicAddress === undefined
      ? {}
      : {
          environment: {
            addresses: {
              publication: publicAddress,
              ocsp: `${publicAddress}/ocsp`,
              certificationPracticeStatement: `${publicAddress}/PC%20TEST`,
            },
          },
        }),
    ...(authorityKeyType === undefined ? {} : { authorities: { '*': { keyType: authorityKeyType } } }),
  };
}

export function applyOverrides(
  raw: RawDocuments,
  overrides: PolicyOverrides,
): Result<RawDocuments, readonly PolicyFault[]> {
  const { environment, authorities = {}, profiles = {} } = overrides;
  const given = [environment, ...Object.values(authorities), ...Object.values(profiles)];
  if (given.every((overlay) => overlay === undefined)) return ok(raw);
  if (memberOf(raw.environment.body, 'mark') !== 'development') {
    const message = 'only the development environment may have an overlay';
    return err([{ file: raw.environment.file, pointer: '/mark', message }]);
  }
  const authorityIds = raw.authorities.map((document) => locationOf(document).name);
  const profileIds = raw.profiles.map(profileIdOf);
  const faults = [
    ...unknownTargets('authorities', authorities, authorityIds),
    ...unknownTargets('profiles', profiles, profileIds),
  ];
  if (faults.length > 0) return err(faults);
  return ok({
    ...raw,
    environment: applyOverlays(raw.environment, [environment]),
    authorities: raw.authorities.map((document) =>
      applyOverlays(document, [authorities['*'], authorities[locationOf(document).name]]),
    ),
    profiles: raw.profiles.map((document) => applyOverlays(document, [profiles['*'], profiles[profileIdOf(document)]])),
  });
}

function profileIdOf(document: Document<unknown>): string {
  const { hierarchy, name } = locationOf(document);
  return `${hierarchy}/${name}`;
}

function unknownTargets(
  kind: string,
  overlays: Readonly<Record<string, Overlay>>,
  known: readonly string[],
): readonly PolicyFault[] {
  return Object.keys(overlays)
    .filter((id) => id !== '*' && !known.includes(id))
    .map((id) => ({ file: 'overrides', pointer: `/${kind}`, message: `${id} is not one of the ${kind}` }));
}

function applyOverlays(
  { file, body }: Document<unknown>,
  overlays: readonly (Overlay | undefined)[],
): Document<unknown> {
  return {
    file,
    body: overlays.reduce<unknown>((under, over) => (over === undefined ? under : merge(under, over)), body),
  };
}

function merge(under: unknown, over: unknown): unknown {
  if (!isObject(under) || !isObject(over)) return over;
  const merged: Record<string, unknown> = { ...under };
  for (const [member, value] of Object.entries(over)) merged[member] = merge(under[member], value);
  return merged;
}

function memberOf(value: unknown, member: string): unknown {
  return isObject(value) ? value[member] : undefined;
}
