import { describe, expect, it } from 'vitest';
import { permissionGroups } from '#lib/contract/permissions/permission-groups.ts';
import { permissionPresets } from '#lib/contract/permissions/permission-presets.ts';
import { toSentence } from '#lib/contract/permissions/permission-labels.ts';
import { grantable } from '#lib/contract/permissions/permission.ts';

const groups = permissionGroups.flatMap((group) => group.permissions);

describe('permission labels', () => {
	it('are in one group each, except for all', () => {
		expect(groups.toSorted()).toEqual(grantable.filter((permission) => permission !== 'all').toSorted());
	});

	it.each(grantable)('%s has a sentence of its own', (permission) => {
		const sentence = toSentence(permission);
		expect(sentence).toMatch(/^[A-Z].*\.$/);
		expect(sentence.slice(0, -1)).not.toBe(permission);
		expect(grantable.filter((other) => toSentence(other) === sentence)).toEqual([permission]);
	});
});

describe('presets', () => {
	it.each(permissionPresets)('$id lists each permission once, and never all', ({ permissions: chosen }) => {
		expect(chosen).toEqual([...new Set(chosen)]);
		expect(chosen).not.toContain('all');
	});

	it('of a viewer, a kiosk and a backup are read-only', () => {
		for (const { id, permissions: chosen } of permissionPresets.filter(({ id }) => id !== 'upload'))
			expect(
				chosen.filter((permission) => !/\.(read|view|download|statistics|about)$/.test(permission)),
				id
			).toEqual([]);
	});
});
