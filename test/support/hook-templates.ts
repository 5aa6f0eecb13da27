import { crc32, deflateRawSync } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';

/** A template that is Task-capable on Coder 2.28 to 2.36. */
export const CAPABLE = `terraform {
  required_providers {
    coder = {
      source  = "coder/coder"
      version = ">= 2.13.0"
    }
  }
}

data "coder_task" "me" {}

resource "coder_agent" "main" {
  os   = "linux"
  arch = "amd64"
  env = {
    PROMPT = data.coder_task.me.prompt
  }
}

resource "coder_app" "agent" {
  agent_id = coder_agent.main.id
  slug     = "agent"
  url      = "http://localhost:3284"
}

resource "coder_ai_task" "task" {
  count  = data.coder_workspace.me.start_count
  app_id = coder_app.agent.id
}

data "coder_workspace" "me" {}
`;

/** A template that Coder 2.28 and later take for no Task template: nothing makes a task. */
export const PLAIN = `resource "coder_agent" "main" {
  os   = "linux"
  arch = "amd64"
}
`;

/** A tar with a file for each key. */
export function tar(files: Readonly<Record<string, string | Uint8Array>>): Promise<Uint8Array<ArrayBuffer>> {
  return tarOf(Object.entries(files).map(([name, body]) => fileEntry(name, body)));
}

/** A tar of any entries. */
export async function tarOf(entries: TarEntry[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await packTar(entries));
}

export function fileEntry(name: string, body: string | Uint8Array): TarEntry {
  return { header: { name, size: Buffer.byteLength(body), type: 'file' }, body };
}

/** A zip with a file for each key; `declared` replaces the size that an entry claims to have. */
export function zip(
  files: Readonly<Record<string, string | Uint8Array>>,
  declared?: number,
): Uint8Array<ArrayBuffer> {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = Buffer.from(content as string);
    const packed = deflateRawSync(data);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(declared ?? data.length, 18);
    shared.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    centrals.push(
      Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), shared, tail, Buffer.from(name)]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(centrals.length, 4);
  end.writeUInt16LE(centrals.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return new Uint8Array(Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]));
}

/** Uploads made to hurt, by what they try. The answers to them are 413 or 422, never a failure of the server. */
export async function hostileUploads(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const megabytes = (count: number) => Buffer.alloc(count * 1024 * 1024, 0x20);
  const small = await tar({ 'main.tf': CAPABLE });
  const huge = Buffer.from(small);
  // A header that claims 8 GiB; checksums of tar headers are sums, so it is set right again.
  huge.write('77777777777\0', 124, 'latin1');
  huge.fill(' ', 148, 156);
  let sum = 0;
  for (const byte of huge.subarray(0, 512)) sum += byte;
  huge.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return {
    'zip bomb': zip({ 'main.tf': CAPABLE, bomb: megabytes(200) }),
    'zip bomb that lies about its size': zip({ 'main.tf': megabytes(100) }, 10),
    'tar of very many files': await tarOf(
      Array.from({ length: 4000 }, (_, index) => fileEntry(`f${index}.tf`, '')),
    ),
    'tar that claims a huge file': new Uint8Array(huge),
    'truncated tar': small.slice(0, 700),
    'truncated zip': zip({ 'main.tf': CAPABLE }).slice(0, 200),
    'random bytes': new Uint8Array(
      Buffer.from('nothing of the kind, but long enough to be looked at'.repeat(20)),
    ),
    'only files outside': await tar({ '../main.tf': CAPABLE, '../../etc/main.tf': CAPABLE }),
    'only links': await tarOf([
      { header: { name: 'main.tf', size: 0, type: 'symlink', linkname: '/etc/passwd' } },
      { header: { name: 'b.tf', size: 0, type: 'link', linkname: 'main.tf' } },
      { header: { name: 'c.tf', size: 0, type: 'character-device' } },
    ]),
  };
}

/** Terraform files made to hurt; the analysis of each ends in a report or in a refusal. */
export function hostileFiles(): Record<string, Record<string, string>> {
  const manyBlocks = Array.from(
    { length: 20_000 },
    (_, index) => `resource "coder_ai_task" "t${index}" {}\n`,
  );
  const chain = Array.from({ length: 3000 }, (_, index) => `  l${index} = local.l${index + 1}\n`).join('');
  const doubling = Array.from(
    { length: 60 },
    (_, index) => `  d${index} = concat(local.d${index + 1}, local.d${index + 1})\n`,
  ).join('');
  return {
    '5,000 nested brackets': { 'main.tf': `locals {\n  a = ${'['.repeat(5000)}${']'.repeat(5000)}\n}\n` },
    '5,000 nested brackets in JSON': {
      'main.tf.json': `{"locals":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
    },
    '5,000 nested blocks': { 'main.tf': `${'a {\n'.repeat(5000)}${'}\n'.repeat(5000)}` },
    '5,000 nested templates': {
      'main.tf': `locals {\n  a = ${'"${'.repeat(5000)}1${'}"'.repeat(5000)}\n}\n`,
    },
    'a line of 5 MB': { 'main.tf': `locals {\n  a = "${'x'.repeat(5_000_000)}"\n}\n` },
    'a line of 1.9 MB': { 'main.tf': `locals {\n  a = "${'x'.repeat(1_900_000)}"\n}\n` },
    '20,000 tasks': { 'main.tf': manyBlocks.join('') },
    'a chain of 3,000 locals': { 'main.tf': `locals {\n${chain}}\n` },
    'locals that double 60 times': { 'main.tf': `locals {\n${doubling}  d60 = [1]\n}\n` },
    'a range of billions': {
      'main.tf':
        'resource "coder_ai_task" "t" {\n  for_each = toset([for i in range(9999999999) : "${i}"])\n}\n',
    },
    'half a million braces': { 'main.tf': '{'.repeat(500_000) },
    'half a million quotes': { 'main.tf': '"'.repeat(500_000) },
    'half a million heredocs': { 'main.tf': 'a = <<E\n'.repeat(60_000) },
  };
}
