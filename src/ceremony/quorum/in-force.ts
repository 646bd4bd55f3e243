/** Determines which sharing of a token's PIN opens the token. */
import { equalBytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { missingFile, type StepFailure, wrongFile } from '../failures.js';
import type { Sharing, TokenUse } from '../plan/model.js';
import type { Facts } from '../transcript/transcript.js';
import type { CeremonyFiles, CeremonyWorld } from '../world.js';
import { changingPath, inForcePath, isSharedAs, readSet, setPath } from './share-set.js';

/**
 * `inForce`: the generation whose shares open the token. `pending`: the next generation, if the
 * change to its PIN was interrupted, so that the token may have that PIN already.
 */
type Generations = { readonly inForce: number; readonly pending: number | null };

export async function sharingGenerations(files: Pick<CeremonyFiles, 'read'>, use: TokenUse): Promise<Generations> {
  const isThere = async (path: string): Promise<boolean> => (await files.read(path)) !== null;
  let inForce = 1;
  while (await isThere(inForcePath(use, inForce + 1))) inForce += 1;
  const next = inForce + 1;
  return { inForce, pending: (await isThere(changingPath(use, next))) ? next : null };
}

/**
 * Checks that a new sharing follows the one in force, whose set must exist. After a sharing that
 * was stopped, `sharingGenerations` would not find a later one, and every ceremony would ask for
 * shares that no longer open the token.
 */
export async function followsInForce(
  files: Pick<CeremonyFiles, 'read'>,
  use: TokenUse,
  generation: number,
): Promise<Result<void, StepFailure>> {
  const before = setPath(use, generation - 1);
  if ((await files.read(before)) === null) return missingFile(before);
  const { inForce } = await sharingGenerations(files, use);
  if (inForce !== generation - 1) return err({ kind: 'quorum-unfit', token: use.name, detail: notNext(inForce) });
  return ok(undefined);
}

function notNext(inForce: number) {
  return {
    fr: `son partage en vigueur est le ${inForce} : generation doit être ${inForce + 1}`,
    en: `its sharing in force is ${inForce}: generation must be ${inForce + 1}`,
  };
}

/**
 * Reads the marker files of sharings (`changingPath`, `inForcePath`), which must have the content
 * of `markerContent`. Returns path -> SHA-256 for the transcript, so that an audit detects a
 * changed or deleted marker. Without a marker, later ceremonies would ask for shares that no longer
 * open the token.
 */
export async function markerFacts(
  files: Pick<CeremonyFiles, 'read'>,
  marks: readonly { readonly path: string; readonly generation: number }[],
): Promise<Result<Readonly<Record<string, string>>, StepFailure>> {
  const found: Record<string, string> = {};
  for (const { path, generation } of marks) {
    const mark = await files.read(path);
    if (mark === null) return missingFile(path);
    if (!equalBytes(mark, markerContent(generation))) return wrongFile(path, NOT_THE_MARKER);
    found[path] = sha256Hex(mark);
  }
  return ok(found);
}

const NOT_THE_MARKER = { fr: "ce n'est pas le marqueur de ce partage", en: 'this is not the marker of this sharing' };

export function markerContent(generation: number): Uint8Array {
  return new TextEncoder().encode(`{"generation":${generation}}\n`);
}

/**
 * Returns the bytes of the `set.json` in force and its generation. `null`: there is no such file,
 * or the PIN is not shared.
 */
export async function sharingInForce(
  files: Pick<CeremonyFiles, 'read'>,
  use: TokenUse,
): Promise<{ readonly generation: number; readonly set: Uint8Array } | null> {
  if (use.pin.kind !== 'quorum') return null;
  const { inForce } = await sharingGenerations(files, use);
  const set = await files.read(setPath(use, inForce));
  return set === null ? null : { generation: inForce, set };
}

/**
 * Returns the facts about the shares of a PIN that the transcript records. The digest of the set
 * file covers every share; no share is itself recorded.
 */

/** Checks the set file of a sharing against the plan, and returns its facts. */
export async function shareSetFacts(
  { files }: Pick<CeremonyWorld, 'files'>,
  { use, generation, sharing }: { readonly use: TokenUse; readonly generation: number; readonly sharing: Sharing },
): Promise<Result<Facts, StepFailure>> {
  const path = setPath(use, generation);
  const bytes = await files.read(path);
  if (bytes === null) return missingFile(path);
  const set = readSet(bytes);
  if (set === null || set.token !== use.name || !isSharedAs(set, sharing)) return wrongFile(path, NOT_THE_SET);
  const { shares, threshold } = set;
  const holders = set.members.map(({ number, holder, organisation, encryption }) => ({
    number,
    holder,
    organisation,
    encryption,
  }));
  return ok({
    artefact: path,
    sha256: sha256Hex(bytes),
    quorum: { set: set.set, generation, shares, threshold, holders },
  });
}

/**
 * Returns the facts about a sharing that replaces another one, with the hashes of its two markers;
 * null: the change of the PIN is not finished.
 */
export async function resharingFacts(
  world: Pick<CeremonyWorld, 'files'>,
  shared: { readonly use: TokenUse; readonly generation: number; readonly sharing: Sharing },
): Promise<Result<Facts | null, StepFailure>> {
  const { use, generation } = shared;
  const inForce = inForcePath(use, generation);
  if ((await world.files.read(inForce)) === null) return ok(null);
  const facts = await shareSetFacts(world, shared);
  if (!facts.ok) return facts;
  const paths = [changingPath(use, generation), inForce];
  const marks = await markerFacts(
    world.files,
    paths.map((path) => ({ path, generation })),
  );
  return marks.ok ? ok({ ...facts.value, files: marks.value }) : marks;
}

const NOT_THE_SET = { fr: "ce n'est pas le jeu de parts prévu", en: 'this is not the share set of the plan' };
