import { describe, expect, it } from 'vitest';
import { newerRelease } from '#lib/server/features/server-info/release-watch.ts';

const checkedAt = '2026-11-22T10:00:00.000Z';
const getType = async (releaseVersion: string | null) =>
	(await newerRelease({ checkedAt, releaseVersion }, 'v3.2.2'))?.type;

describe('a newer release', () => {
	it('is reported with both versions, and by how much it is newer', async () => {
		expect(await newerRelease({ checkedAt, releaseVersion: 'v3.10.0-rc.2' }, 'v3.2.2')).toEqual({
			checkedAt,
			isAvailable: true,
			releaseVersion: { major: 3, minor: 10, patch: 0, prerelease: 2 },
			serverVersion: { major: 3, minor: 2, patch: 2, prerelease: null },
			type: 'preminor'
		});
		expect(await Promise.all(['v3.2.3', '3.3.0', 'v4.0.0'].map(getType))).toEqual(['patch', 'minor', 'major']);
	});

	it.each(['v3.2.2', 'v3.2.1', 'v2.99.99', 'v3.2.2-rc.1', 'latest', null])('is not %s', async (version) => {
		expect(await getType(version)).toBeUndefined();
	});

	it('is not reported before the first check', async () => {
		expect(await newerRelease({ checkedAt: null, releaseVersion: 'v9.0.0' }, 'v3.2.2')).toBeNull();
	});
});
