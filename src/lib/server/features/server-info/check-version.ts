import { z } from 'zod';
import type { VersionCheckState } from '#lib/contract/server-info/version-check.ts';
import { readBounded } from '#lib/server/platform/bounded-bytes.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { JobHandler } from '#lib/server/platform/job.ts';

interface Dependencies {
	readonly metadata: MetadataRepository;
	readonly settings: SettingsReader;
	readonly versionUrl: string;
}

const timeoutMs = 10_000;
const maxBytes = 256 * 1024;

/** The part of GitHub's response that is used; another URL must return the same. */
const Release = z.object({ tag_name: z.string().regex(/^v?\d+\.\d+\.\d+[\w.+-]{0,40}$/) });

/** Fetches the newest version and stores it. The request contains no data. */
export const checkVersion =
	({ metadata, settings, versionUrl }: Dependencies): JobHandler =>
	async () => {
		await settings.refresh();
		if (!settings.current.system.newVersionCheck.enabled) return 'Skipped: update checks are turned off';
		const { tag_name: tag } = Release.parse(JSON.parse(await download(versionUrl)));
		const state: VersionCheckState = {
			checkedAt: new Date().toISOString(),
			releaseVersion: tag.startsWith('v') ? tag : `v${tag}`
		};
		await metadata.setForSystem('version-check-state', state);
		return `The newest is ${tag}`;
	};

/** Reads a small text; fails if it is slow, large or redirected. */
async function download(url: string): Promise<string> {
	const answer = await fetch(url, {
		signal: AbortSignal.timeout(timeoutMs),
		redirect: 'error',
		headers: { accept: 'application/json', 'user-agent': 'immich-auth' }
	});
	if (!answer.ok || !answer.body) {
		await answer.body?.cancel();
		throw new Error(`The address of versions answered ${answer.status}`);
	}
	const tooLarge = () => new Error('The address of versions answers with more than is read');
	return new TextDecoder().decode(await readBounded(answer.body, maxBytes, tooLarge));
}
