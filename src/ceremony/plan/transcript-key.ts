/** The type of the key that signs the transcript of a ceremony, and its label on its token. */

/** A P-256 key is generated in a moment, and every OpenSSL verifies its signatures. */
export const TRANSCRIPT_KEY_TYPE = 'p-256';

export function transcriptKeyLabel({ id }: { readonly id: string }): string {
  return `ceremony-${id}`;
}
