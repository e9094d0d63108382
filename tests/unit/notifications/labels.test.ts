import { describe, expect, it } from 'vitest';
import type { Notification } from '#lib/contract/notifications/notification.ts';
import { toExcerpt, getLink } from '#lib/console/notifications/labels.ts';

const id = '7d3f7a52-1f6e-4e55-9a55-3f0f2b1f7c11';
const notification = (fields: Partial<Notification>): Notification => ({
	id,
	createdAt: '2026-07-21T10:00:00.000Z',
	level: 'info',
	type: 'SystemMessage',
	title: 'Hello',
	...fields
});
const getHref = (fields: Partial<Notification>, isAdmin = true) => getLink(notification(fields), { isAdmin })?.href;

describe('the link of a notification', () => {
	it('leads to the page with the details', () => {
		expect(getHref({ data: { about: 'devices' } })).toBe('/account/devices');
		expect(getHref({ data: { about: 'batch', id } })).toBe(`/admin/users/batches/${id}`);
	});

	it('leads to the album that it is about', () => {
		for (const type of ['AlbumInvite', 'AlbumUpdate'] as const) {
			expect(getHref({ type, data: { albumId: id } })).toBe(`/albums/${id}`);
			expect(getHref({ type, data: { albumId: '../auth/logout' } })).toBeUndefined();
			expect(getHref({ type })).toBeUndefined();
		}
		expect(getHref({ data: { about: 'partners' } })).toBe('/account/partners');
	});

	it('only leads to pages that the user can open', () => {
		expect(getHref({ data: { about: 'batch', id } }, false)).toBeUndefined();
	});

	it.each([
		{},
		{ about: 5 },
		{ about: 'toString' },
		{ about: 'https://example.test' },
		{ about: 'batch' },
		{ about: 'batch', id: '../../auth/logout' },
		{ href: 'https://example.test' }
	])('is missing for %j', (data) => {
		expect(getHref({ data })).toBeUndefined();
	});

	it('is missing unless the server wrote the notification', () => {
		expect(getHref({ type: 'Custom', data: { about: 'devices' } })).toBeUndefined();
		expect(getHref({})).toBeUndefined();
	});
});

describe('an excerpt', () => {
	it('is the whole text if that is short', () => {
		expect(toExcerpt(notification({}))).toEqual({ title: 'Hello', description: '', isCut: false });
	});

	it('is cut between characters', () => {
		const { title, description, isCut } = toExcerpt(
			notification({ title: `${'x'.repeat(199)}😀y`, description: 'd '.repeat(400) })
		);
		expect(isCut).toBe(true);
		expect(title.isWellFormed()).toBe(true);
		expect([title.length, description.length]).toEqual([201, 600]);
	});
});
