/** The request for a restore. */
import type { BackupKey } from '../../backup/envelope.js';
import type { Config } from '../../config/load.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Policy } from '../../policy/model.js';
import type { Log } from '../../ports/world.js';

export type RestoreRequest = {
  readonly config: Config;
  readonly policy: Policy;
  readonly source: AsyncIterable<Bytes>;
  readonly key: BackupKey;
  /** SHA-256 of the manifest, typed by somebody who accepts an older backup; null: nobody did. */
  readonly acceptOlder: string | null;
  /** Further folders with published lists, which the command names. */
  readonly lists: readonly string[];
  /** Further folders with journals, each like `signers/` in a home folder. */
  readonly journals: readonly string[];
  readonly log: Log;
  /** Called before each step that may take long. */
  readonly step: (words: Bilingual) => void;
};

/** Lines for people that say why nothing was restored. */
export type RestoreRefusal = readonly string[];
