// What was dropped or chosen, as one parcel for the server: a workbook or an archive as it is, files
// and folders packed into an archive without compressing them.

export interface Parcel {
  name: string;
  content: Blob;
}

/** The server takes no more: it is told before anything is sent. */
export const LARGEST = 32 * 1024 * 1024;

interface Found {
  path: string;
  file: File;
}

const WHOLE = /\.(xlsx|zip)$/i;

/** What was dropped, or null where it held no file. */
export async function parcelOf(dropped: DataTransfer): Promise<Parcel | null> {
  // Entries must be asked for before anything is waited for.
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.length) return parcelFrom(dropped.files);
  return packed((await Promise.all(entries.map((entry) => within(entry, '')))).flat());
}

/** Files, or a folder, that were chosen. */
export function parcelFrom(files: FileList): Promise<Parcel | null> {
  return packed([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

async function within(entry: FileSystemEntry, above: string): Promise<Found[]> {
  const path = above ? `${above}/${entry.name}` : entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((give, fail) => (entry as FileSystemFileEntry).file(give, fail));
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const all: Found[] = [];
  // A reader gives some entries at a time, none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((give, fail) => reader.readEntries(give, fail));
    if (!some.length) return all;
    all.push(...(await Promise.all(some.map((each) => within(each, path)))).flat());
  }
}

async function packed(found: Found[]): Promise<Parcel | null> {
  const [first] = found;
  if (!first) return null;
  if (found.length === 1 && WHOLE.test(first.file.name)) return { name: first.file.name, content: first.file };
  const top = first.path.includes('/') ? (first.path.split('/')[0] ?? '') : 'study';
  const useful = found.filter(({ path }) => /\.(csv|parquet|toml|xlsx)$/i.test(path));
  return { name: `${top}.zip`, content: await archive(useful) };
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function checksum(data: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of data) value = (CRC[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** A zip archive of files as they are (APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). */
async function archive(found: Found[]): Promise<Blob> {
  const parts: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let [at, listed] = [0, 0];
  for (const { path, file } of found) {
    const data = new Uint8Array(await file.arrayBuffer());
    const name = new TextEncoder().encode(path);
    // Version 2.0, names in UTF-8, stored, the first day that an archive knows.
    const told = [20, 0x0800, 0, 0, 0x21];
    const sizes = [checksum(data), data.length, data.length];
    const local = record([0x04034b50], told, sizes, [name.length, 0]);
    directory.push(record([0x02014b50], [20, ...told], sizes, [name.length, 0, 0, 0, 0], [0, at]), name);
    parts.push(local, name, data);
    listed += 46 + name.length;
    at += local.byteLength + name.length + data.length;
  }
  const end = record([0x06054b50], [0, 0, found.length, found.length], [listed, at], [0]);
  return new Blob([...parts, ...directory, end]);
}

/** Numbers in turn of four and of two bytes, the smaller end first. */
function record(...groups: number[][]): ArrayBuffer {
  const size = groups.reduce((sum, group, i) => sum + group.length * width(i), 0);
  const view = new DataView(new ArrayBuffer(size));
  let at = 0;
  groups.forEach((group, i) => {
    for (const value of group) {
      if (width(i) === 4) view.setUint32(at, value, true);
      else view.setUint16(at, value, true);
      at += width(i);
    }
  });
  return view.buffer;
}

function width(group: number): number {
  return group % 2 ? 2 : 4;
}
