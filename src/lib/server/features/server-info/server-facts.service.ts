import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type {
	HealthDto,
	ReadinessDto,
	ServerFacts,
	ServerStatistics,
	ServerStorage,
	ServerVersionHistoryResponseDto,
	UsagePage
} from '#lib/contract/server-info/server.ts';
import { ReverseGeocodingStateResponseDto } from '#lib/contract/server-info/system-metadata.ts';
import type { Readiness } from './readiness.ts';
import type { ServerInfoStore } from './repositories.ts';
import { spokenTag } from '#lib/contract/server-info/spoken-version.ts';

interface Dependencies {
	readonly store: ServerInfoStore;
	readonly dataDir: string;
	readonly isDatabaseEmbedded: boolean;
	readonly readiness: Readiness;
}

/** Immich's API has no pages here: the totals cover all users, but only this many are listed. */
const maxNamedUsers = 10_000;
const pageSize = 50;
const maxVersions = 100;
const apps = 'https://github.com/immich-app/immich/releases/download';

/** Facts about the server, its database and its contents. */
export class ServerFactsService {
	readonly #deps: Dependencies;
	readonly #startedAt = new Date(Date.now() - process.uptime() * 1_000);

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Reports that the process responds, without a look at the database. */
	health(): z.input<typeof HealthDto> {
		return { status: 'alive' };
	}

	/**
	 * Returns whether the server is ready, for probes.
	 * @throws {AppError} 503 if the database doesn't respond
	 */
	async checkReadiness(): Promise<z.input<typeof ReadinessDto>> {
		await this.#deps.readiness.check();
		return { status: 'ready' };
	}

	/** Returns the storage use of the library in bytes, in total and by user. */
	async statistics(): Promise<ServerStatistics> {
		const { libraryStatistics } = this.#deps.store;
		const [totals, usageByUser] = await Promise.all([
			libraryStatistics.totals(),
			libraryStatistics.listUsers(null, maxNamedUsers)
		]);
		return { ...totals, usageByUser };
	}

	/** Returns the storage use of the library in bytes. */
	totals(): Promise<Omit<ServerStatistics, 'usageByUser'>> {
		return this.#deps.store.libraryStatistics.totals();
	}

	/** Lists the usage of each user, one page at a time. */
	async usage(after: string | undefined): Promise<UsagePage> {
		const found = await this.#deps.store.libraryStatistics.listUsers(after ?? null, pageSize + 1);
		const users = found.slice(0, pageSize);
		return { users, next: found.length > pageSize ? (users.at(-1)?.userId ?? null) : null };
	}

	/** Measures the disk that stores the files. */
	async storage(): Promise<ServerStorage> {
		const { bsize, blocks, bfree, bavail } = await measure(this.#deps.dataDir);
		const [size, used, available] = [blocks * bsize, (blocks - bfree) * bsize, bavail * bsize];
		return {
			diskSize: inWords(size),
			diskUse: inWords(used),
			diskAvailable: inWords(available),
			diskSizeRaw: size,
			diskUseRaw: used,
			diskAvailableRaw: available,
			diskUsagePercentage: size === 0 ? 0 : Number(((used / size) * 100).toFixed(2))
		};
	}

	/** Returns what the server page shows about the process and its database. */
	async facts(): Promise<ServerFacts> {
		const { store, isDatabaseEmbedded: isEmbedded } = this.#deps;
		return {
			startedAt: this.#startedAt.toISOString(),
			nodeVersion: process.version,
			database: { isEmbedded, ...(await store.server.facts()) }
		};
	}

	/** Lists the versions that have used this database, newest first. */
	async versions(): Promise<z.input<typeof ServerVersionHistoryResponseDto>[]> {
		const rows = await this.#deps.store.server.listVersions(maxVersions);
		return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
	}

	/** Returns the download links of Immich’s Android app in the version this server speaks. */
	apkLinks() {
		const buildLink = (build: string) => `${apps}/${spokenTag}/app${build}-release.apk`;
		return {
			arm64v8a: buildLink('-arm64-v8a'),
			armeabiv7a: buildLink('-armeabi-v7a'),
			universal: buildLink(''),
			x86_64: buildLink('-x86_64')
		};
	}

	/** Returns what Immich last imported for reverse geocoding; nulls if it never did. */
	async reverseGeocoding(): Promise<z.output<typeof ReverseGeocodingStateResponseDto>> {
		const stored = await this.#deps.store.metadata.getForSystem('reverse-geocoding-state');
		return ReverseGeocodingStateResponseDto.safeParse(stored).data ?? { lastUpdate: null, lastImportFileName: null };
	}
}

/** Falls back to the parent folder, because this one is created with the first file. */
async function measure(folder: string): Promise<StatsFs> {
	try {
		return await statfs(folder);
	} catch (error) {
		const above = path.dirname(folder);
		if (above === folder) throw error;
		return measure(above);
	}
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Formats bytes as Immich does: `465.6 GiB`. */
function inWords(bytes: number): string {
	const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), units.length - 1);
	return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? 'B'}`;
}
