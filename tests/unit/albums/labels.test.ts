import { describe, expect, it } from 'vitest';
import type { Album } from '#lib/contract/albums/album.ts';
import { describeAlbum, getRole, nameAlbum, nameRole } from '#lib/console/albums/labels.ts';

const user = (id: string) => ({
	id,
	name: id,
	email: `${id}@example.test`,
	profileImagePath: '',
	avatarColor: 'blue' as const,
	profileChangedAt: '2026-01-01T00:00:00.000Z'
});
const album = (fields: Partial<Album> = {}): Album => ({
	id: 'album',
	albumName: 'Sea',
	description: '',
	createdAt: '2026-01-01T00:00:00.000Z',
	updatedAt: '2026-01-01T00:00:00.000Z',
	albumThumbnailAssetId: null,
	albumUsers: [
		{ role: 'owner', user: user('ada') },
		{ role: 'viewer', user: user('bob') }
	],
	shared: true,
	hasSharedLink: false,
	isActivityEnabled: true,
	assetCount: 0,
	...fields
});

describe('an album', () => {
	it('is described by the number of its photos and when they were taken', () => {
		const startDate = '2026-05-01T10:00:00.000Z';
		expect(describeAlbum(album())).toBe('0 photos');
		expect(describeAlbum(album({ assetCount: 1, startDate, endDate: startDate }))).toBe('1 photo, 1 May 2026');
		expect(describeAlbum(album({ assetCount: 2, startDate, endDate: '2026-05-03T10:00:00.000Z' }))).toBe(
			'2 photos, 1 May 2026 to 3 May 2026'
		);
	});

	it('has a name on pages, even without one', () => {
		expect([nameAlbum({ albumName: 'Sea' }), nameAlbum({ albumName: '  ' })]).toEqual(['Sea', 'Untitled']);
	});

	it('gives each user a role, and whoever isn’t a member the least', () => {
		expect(['ada', 'bob', 'eve'].map((id) => getRole(album(), id))).toEqual(['owner', 'viewer', 'viewer']);
		expect((['owner', 'editor', 'viewer'] as const).map(nameRole)).toEqual(['an owner', 'an editor', 'a viewer']);
	});
});
