/**
 * Finds secrets that files contain in clear: as they are, and as programs write bytes into text.
 */
type Secret = { readonly kind: string; readonly bytes: Buffer };

/**
 * Each form that a secret can have in a file. Base64 has three, depending on the offset in a longer
 * text (RFC 4648 section 4).
 */
export function formsOf({ bytes }: Secret): readonly { readonly form: string; readonly bytes: Buffer }[] {
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Characters that also encode bits of the neighbouring bytes are left out.
    const whole = text.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6));
    return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const texts = [hex, hex.toUpperCase(), ...base64, bytes.join(','), bytes.join(', ')];
  return [
    { form: 'raw', bytes },
    { form: 'utf16', bytes: Buffer.from(bytes.toString('latin1'), 'utf16le') },
    ...[...new Set(texts)].map((text) => ({ form: text, bytes: Buffer.from(text) })),
  ];
}

/**
 * The path and kind of each secret that was found. `isAllowed`: the plan stores the secret in this
 * file.
 */
export function clearSecrets(
  files: ReadonlyMap<string, Uint8Array>,
  secrets: readonly Secret[],
  isAllowed: (path: string) => boolean,
): readonly string[] {
  const paths = [...files.keys()].filter((path) => !isAllowed(path));
  const all = Buffer.concat(paths.flatMap((path) => [files.get(path) ?? Buffer.alloc(0), Buffer.from('\n')]));
  const found: string[] = [];
  for (const secret of secrets)
    for (const { form, bytes } of formsOf(secret)) {
      const at = all.indexOf(bytes);
      if (at >= 0) found.push(`${secret.kind} (${form}) in ${pathAt(files, paths, at)}`);
    }
  return found;
}

function pathAt(files: ReadonlyMap<string, Uint8Array>, paths: readonly string[], at: number): string {
  let end = 0;
  for (const path of paths) {
    end += (files.get(path)?.length ?? 0) + 1;
    if (at < end) return path;
  }
  return 'nowhere';
}
