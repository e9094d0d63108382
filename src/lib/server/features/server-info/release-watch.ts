import type { SemVer } from 'semver';
import type { Release } from '#lib/contract/realtime/live-events.ts';
import { VersionCheckStateResponseDto, type VersionCheckState } from '#lib/contract/server-info/version-check.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import { CachedDocument } from '#lib/server/platform/cached-document.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { ServerInfoStore } from './repositories.ts';
import { spokenTag } from '#lib/contract/server-info/spoken-version.ts';

interface Dependencies {
	readonly store: ServerInfoStore;
	readonly settings: SettingsReader;
	readonly log: Log;
	readonly onRelease: (release: Release) => void;
}

/** Caches the newer release that a version check has found, on any instance. */
export class ReleaseWatch {
	readonly #deps: Dependencies;
	readonly #found: CachedDocument<Release | null>;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
		this.#found = new CachedDocument<Release | null>(null, {
			read: () => this.#read(),
			onRead: (_, isChanged) => isChanged && this.newer && dependencies.onRelease(this.newer),
			onFailure: (error) => dependencies.log.warn({ error }, 'The last look for a version could not be read')
		});
	}

	/** The release newer than this server; null if there is none or the check is disabled. */
	get newer(): Release | null {
		return this.#deps.settings.current.system.newVersionCheck.enabled ? this.#found.current : null;
	}

	/** Reads the last result and announces it. */
	reload(): Promise<void> {
		return this.#found.follow();
	}

	stop(): void {
		this.#found.stop();
	}

	async #read(): Promise<Release | null> {
		const found = await this.#deps.store.metadata.getForSystem('version-check-state');
		const stored = VersionCheckStateResponseDto.safeParse(found);
		return stored.success ? newerRelease(stored.data, spokenTag) : null;
	}
}

/** Compares the last result with a server’s version; null if it isn't newer. */
export async function newerRelease(
	{ checkedAt, releaseVersion }: VersionCheckState,
	serverTag: string
): Promise<Release | null> {
	if (checkedAt === null || releaseVersion === null) return null;
	const { default: semver } = await import('semver');
	const [release, server] = [semver.parse(releaseVersion), semver.parse(serverTag)];
	if (!release || !server || semver.lte(release, server)) return null;
	const type = semver.diff(release, server);
	if (type === null || type === 'release') return null;
	return {
		checkedAt,
		isAvailable: true,
		releaseVersion: toVersion(release),
		serverVersion: toVersion(server),
		type
	};
}

const toVersion = ({ major, minor, patch, prerelease }: SemVer) => ({
	major,
	minor,
	patch,
	prerelease: prerelease.find((part) => typeof part === 'number') ?? null
});
