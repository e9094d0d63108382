import { UserAvatarColor, type UserPreferencesResponseDto as SdkPreferences } from '@immich/sdk';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
	applyPreferencesUpdate,
	mergePreferences,
	preferencesDefaults,
	sparsePreferences,
	UserPreferencesResponseDto,
	UserPreferencesUpdateDto
} from '#lib/contract/users/preferences.ts';

type AllKeys<T> = T extends string | number | boolean ? true : { [K in keyof T]-?: AllKeys<NonNullable<T[K]>> };

const section = fc.record({ enabled: fc.boolean(), sidebarWeb: fc.boolean() });
const count = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const preferences: fc.Arbitrary<UserPreferencesResponseDto> = fc.record({
	albums: fc.record({ defaultAssetOrder: fc.constantFrom('asc', 'desc') }),
	folders: section,
	memories: fc.record({ enabled: fc.boolean(), duration: count, sidebarWeb: fc.boolean() }),
	people: fc.record({ enabled: fc.boolean(), sidebarWeb: fc.boolean(), minimumFaces: count }),
	sharedLinks: section,
	ratings: fc.record({ enabled: fc.boolean() }),
	tags: section,
	emailNotifications: fc.record({ enabled: fc.boolean(), albumInvite: fc.boolean(), albumUpdate: fc.boolean() }),
	download: fc.record({ archiveSize: count, includeEmbeddedVideos: fc.boolean() }),
	purchase: fc.record({ showSupportBadge: fc.boolean(), hideBuyButtonUntil: fc.string({ minLength: 1 }) }),
	cast: fc.record({ gCastEnabled: fc.boolean() }),
	recentlyAdded: fc.record({ sidebarWeb: fc.boolean() })
});

describe('preferences', () => {
	it('have the keys of the official client', () => {
		expectTypeOf<AllKeys<UserPreferencesResponseDto>>().toEqualTypeOf<AllKeys<SdkPreferences>>();
	});

	it('read as the defaults if nothing is stored', () => {
		expect(UserPreferencesResponseDto.parse(preferencesDefaults)).toEqual(preferencesDefaults);
		for (const nothing of [undefined, null, {}]) expect(mergePreferences(nothing)).toEqual(preferencesDefaults);
		expect(sparsePreferences(preferencesDefaults)).toEqual({});
	});

	it('read back as they were stored', () => {
		fc.assert(
			fc.property(preferences, (full) => {
				expect(mergePreferences(JSON.parse(JSON.stringify(sparsePreferences(full))))).toEqual(full);
			})
		);
	});

	it('never throw on stored data, and are always valid', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(preferencesDefaults)), (json, name) => {
				for (const stored of [json, { [name]: json }, { [name]: { enabled: json, sidebarWeb: json } }])
					expect(UserPreferencesResponseDto.safeParse(mergePreferences(stored)).success).toBe(true);
			})
		);
	});

	it('drop an invalid stored value and keep the others', () => {
		const stored = { memories: { duration: 0, enabled: false }, people: 'many', unknown: { key: 1 } };
		expect(mergePreferences(stored)).toEqual({
			...preferencesDefaults,
			memories: { ...preferencesDefaults.memories, enabled: false }
		});
	});
});

describe('an update of preferences', () => {
	it('changes only what it names', () => {
		const current = mergePreferences({ tags: { enabled: true }, download: { archiveSize: 5 } });
		const updated = applyPreferencesUpdate(current, { tags: { sidebarWeb: true } });
		expect(sparsePreferences(updated)).toEqual({
			tags: { enabled: true, sidebarWeb: true },
			download: { archiveSize: 5 }
		});
		expect(current.tags.sidebarWeb).toBe(false);
	});

	it('is not stored if it restores a default or is blank', () => {
		const current = mergePreferences({ tags: { enabled: true }, purchase: { hideBuyButtonUntil: '2030-01-01' } });
		const update = { tags: { enabled: false }, purchase: { hideBuyButtonUntil: '' } };
		expect(applyPreferencesUpdate(current, update)).toEqual(preferencesDefaults);
	});

	it('accepts an avatar color but stores none', () => {
		const update = UserPreferencesUpdateDto.parse({ avatar: { color: UserAvatarColor.Red } });
		expect(update).toEqual({ avatar: { color: 'red' } });
		expect(applyPreferencesUpdate(preferencesDefaults, update)).toEqual(preferencesDefaults);
	});

	it('determines what is read later', () => {
		fc.assert(
			fc.property(preferences, preferences, (current, update) => {
				const updated = applyPreferencesUpdate(current, update);
				expect(updated).toEqual(update);
				expect(mergePreferences(sparsePreferences(updated))).toEqual(updated);
				expect(applyPreferencesUpdate(current, {})).toEqual(current);
			})
		);
	});

	it("is refused with the wire's messages", () => {
		const findIssues = (body: unknown) => UserPreferencesUpdateDto.safeParse(body).error?.issues;
		expect(findIssues({ download: { archiveSize: 1.5 } })).toEqual([
			{
				expected: 'int',
				format: 'safeint',
				code: 'invalid_type',
				path: ['download', 'archiveSize'],
				message: 'Invalid input: expected int, received number'
			}
		]);
		expect(findIssues({ people: { minimumFaces: 0 } })).toMatchObject([
			{ code: 'too_small', path: ['people', 'minimumFaces'] }
		]);
		expect(findIssues({ tags: { enabled: 'true' } })).toMatchObject([
			{ message: 'Invalid input: expected boolean, received string' }
		]);
		expect(findIssues({ albums: { defaultAssetOrder: 'up' } })).toMatchObject([
			{ message: 'Invalid option: expected one of "asc"|"desc"' }
		]);
	});
});
