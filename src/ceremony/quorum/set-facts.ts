/**
 * Returns the facts about the shares of a PIN that the transcript records. The digest of the set
 * file covers every share; no share is itself recorded.
 */
import { sha256Hex } from '../../kernel/digest.js';
import { ok, type Result } from '../../kernel/result.js';
import { missingFile, type StepFailure, wrongFile } from '../failures.js';
import type { Sharing, TokenUse } from '../plan/model.js';
import type { Facts } from '../transcript/transcript.js';
import type { CeremonyWorld } from '../world.js';
import { markerFacts } from './in-force.js';
import { changingPath, inForcePath, isSharedAs, readSet, setPath } from './share-set.js';

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
