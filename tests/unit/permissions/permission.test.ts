import { Permission, UserAvatarColor } from '@immich/sdk';
import { describe, expect, it } from 'vitest';
import { getAvatarColor, avatarColors } from '#lib/contract/users/avatar-color.ts';
import { grantedPermissions } from '#lib/contract/api-keys/api-key.ts';
import { extraPermissions, formerNames, grantable, permissions } from '#lib/contract/permissions/permission.ts';

describe('permissions', () => {
	it('match the official client, in its order', () => {
		expect(permissions).toEqual(Object.values(Permission));
	});

	it('do not include our own, which strict clients would reject', () => {
		for (const extra of extraPermissions) expect(permissions).not.toContain(extra);
	});
});

describe('permissions granted to a key', () => {
	it.each([
		['album.addAsset', ['albumAsset.create']],
		['album.removeAsset', ['albumAsset.delete']],
		['asset.create', ['asset.upload']],
		['adminLibrary.*', ['library.read', 'library.create', 'library.update', 'library.delete']],
		['adminLibrary.read', ['library.read']],
		['adminNotification.read', ['notification.read']],
		['adminNotification.create', ['notification.create']],
		['adminSystemConfig.*', ['systemConfig.read', 'systemConfig.update', 'adminConfig.read', 'adminConfig.update']],
		['adminSystemConfig.update', ['systemConfig.update', 'adminConfig.update']],
		['adminTag.*', ['tag.read', 'tag.create', 'tag.update', 'tag.delete']],
		['adminTag.delete', ['tag.delete']],
		['adminSession.delete', ['adminSession.delete']],
		['adminUser.forcePw', ['adminUser.forcePw']],
		['adminAuth.unlink', ['adminAuth.unlink']]
	])('%s expands to %j', (name, stands) => {
		expect(grantedPermissions.parse([name])).toEqual(stands);
	});

	it('are deduplicated, and all of them can be granted', () => {
		expect(grantedPermissions.parse(['user.read', 'asset.create', 'asset.upload', 'user.read'])).toEqual([
			'user.read',
			'asset.upload'
		]);
		expect(grantedPermissions.parse([...grantable])).toEqual(grantable);
		for (const stands of formerNames.values()) for (const name of stands) expect(grantable).toContain(name);
	});

	it.each([
		[[]],
		[['root']],
		[['adminTag.asset']],
		[['adminUser.*']],
		[['*']],
		[['']],
		[Array(1_000).fill('user.read')]
	])('refuse %j', (names) => {
		expect(grantedPermissions.safeParse(names).success).toBe(false);
	});

	it('name only Immich’s own in the error, as Immich does', () => {
		const { error } = grantedPermissions.safeParse(['root']);
		const listed = permissions.map((name) => `"${name}"`).join('|');
		expect(error?.issues[0]?.message).toBe(`Invalid option: expected one of ${listed}`);
	});
});

describe('avatar colors', () => {
	it('match the official client, in its order', () => {
		expect(avatarColors).toEqual(Object.values(UserAvatarColor));
	});

	it.each([
		['', 'primary', 'nothing to add up'],
		['a', 'orange', '97'],
		['ab', 'green', '97 + 98'],
		['\u{1F600}', 'red', '128512, one code point; its two halves would add up to another colour']
	])('%j has the color %s (%s)', (email, color) => {
		expect(getAvatarColor(email)).toBe(color);
	});
});
