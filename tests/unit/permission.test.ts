import { Permission, UserAvatarColor } from '@immich/sdk';
import { describe, expect, it } from 'vitest';
import { avatarColorOf, avatarColors } from '#lib/contract/avatar-color.ts';
import { extraPermissions, permissions } from '#lib/contract/permission.ts';

describe('permissions', () => {
	it('are those of the official client, in its order', () => {
		expect(permissions).toEqual(Object.values(Permission));
	});

	it('do not hold our own, which strict clients would choke on', () => {
		for (const extra of extraPermissions) expect(permissions).not.toContain(extra);
	});
});

describe('avatar colours', () => {
	it('are those of the official client, in its order', () => {
		expect(avatarColors).toEqual(Object.values(UserAvatarColor));
	});

	it.each([
		['', 'primary', 'nothing to add up'],
		['a', 'orange', '97'],
		['ab', 'green', '97 + 98'],
		['\u{1F600}', 'red', '128512, one code point; its two halves would add up to another colour']
	])('%j has the colour %s (%s)', (email, color) => {
		expect(avatarColorOf(email)).toBe(color);
	});
});
