import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './cli.ts';

/** The package as the registry would get it. */
export interface PackedPackage {
  /** Absolute path of the archive. */
  readonly path: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** Bytes of what is in it. */
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
}

/** What package.json says; the fields that tests ask for. */
interface PackageManifest {
  readonly version: string;
  readonly type: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly types: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: object;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export const MANIFEST: PackageManifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Packs the working tree into a folder. */
export function packPackage(folder: string): PackedPackage {
  const args = ['pack', '--json', '--pack-destination', folder, '--cache', join(folder, 'npm')];
  const [packed] = JSON.parse(runProgram('npm', args, ROOT));
  return { ...packed, path: join(folder, packed.filename) };
}

/** Makes a project that has the package installed, without the network, under one or more names. */
export function installPackage(folder: string, packed: PackedPackage, names = ['tasks-lint']): void {
  const dependencies = Object.fromEntries(names.map((name) => [name, `file:${packed.path}`]));
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'scratch', private: true, dependencies }),
  );
  const options = ['--offline', '--no-audit', '--no-fund', '--cache', join(folder, '.npm')];
  runProgram('npm', ['install', ...options], folder);
}

/**
 * Runs a program and returns its standard output.
 * @throws Error with all of its output when it fails
 */
export function runProgram(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, [...args], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}
