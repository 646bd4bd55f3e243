/**
 * Imported first by every script, before anything that an old Node cannot run. Keep its syntax old.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `PFCNG needs Node 20.19 or newer; this is ${process.version} (${process.execPath}).\n` +
      '  Install a newer one from https://nodejs.org/ or with your version manager, then try again.\n',
  );
  process.exit(1);
}
