import { buffer } from 'node:stream/consumers';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';

/** A file of a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly mtime: Date;
  readonly data: Uint8Array;
}

/** Whether bytes start like a zip archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

/** Names of the entries of an archive that has been read before, and so is within the limits. */
export async function listZipNames(bytes: Uint8Array): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of (await openZip(bytes)).eachEntry()) names.push(nameOf(entry));
  return names;
}

/** The files of an archive that has been read before, and so is within the limits. */
export async function readZipEntries(bytes: Uint8Array): Promise<ZipEntry[]> {
  const zip = await openZip(bytes);
  const files: ZipEntry[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    if (name.endsWith('/')) continue;
    const data = await buffer(await zip.openReadStreamPromise(entry));
    files.push({ name, mtime: entry.getLastModDate(), data });
  }
  return files;
}

function openZip(bytes: Uint8Array): Promise<ZipFile> {
  return fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
    decodeStrings: false,
    lazyEntries: true,
  });
}

function nameOf(entry: Entry): string {
  return new TextDecoder().decode(entry.fileNameRaw);
}
