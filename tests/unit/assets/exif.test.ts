import { describe, expect, it } from 'vitest';
import { readExif } from '#lib/server/features/assets/exif.ts';

type Tags = NonNullable<Parameters<typeof readExif>[0]>;

const read = (local: string, offset: string) =>
	// The parser's types have no dates.
	readExif({ Photo: { DateTimeOriginal: new Date(local), OffsetTimeOriginal: offset } } as unknown as Tags, {
		width: 3,
		height: 2
	});

describe('the time that a photo says it was taken', () => {
	it('is the moment and the time on the clock', () => {
		const { taken, exif } = read('2026-03-04T05:06:07Z', '+05:45');
		expect(taken).toEqual({ at: new Date('2026-03-03T23:21:07Z'), local: new Date('2026-03-04T05:06:07Z') });
		expect(exif).toMatchObject({ dateTimeOriginal: new Date('2026-03-03T23:21:07Z'), timeZone: 'UTC+5:45' });
	});

	it.each([
		['9999-12-31T23:30:00Z', '-10:00'],
		['1000-01-01T00:30:00Z', '+10:00'],
		['+010000-01-01T00:00:00Z', '+00:00']
	])('is unknown at %s with %s, which clients can’t show', (local, offset) => {
		const { taken, exif } = read(local, offset);
		expect(taken).toBeNull();
		expect(exif.dateTimeOriginal).toBeNull();
	});
});
