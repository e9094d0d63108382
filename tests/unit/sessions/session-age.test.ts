import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceClasses } from '#lib/contract/sessions/device.ts';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import {
	getSessionEnd,
	isOverAge,
	oldestAllowed,
	type AgedSession,
	type AgeLimits
} from '#lib/server/features/sessions/session-age.ts';

const now = new Date('2026-07-21T10:00:00.000Z');
const dayMs = 86_400_000;
const daysAgo = (days: number, moreMs = 0) => new Date(now.getTime() - days * dayMs - moreMs);
const defaults = immichAuthConfigDefaults.sessions;
const limits: AgeLimits = {
	web: { idleDays: 7, lifetimeDays: 30 },
	mobile: { idleDays: 90, lifetimeDays: 0 },
	other: { idleDays: 1, lifetimeDays: 2 }
};
const session = (fields: Partial<AgedSession> = {}): AgedSession => ({
	createdAt: daysAgo(20),
	updatedAt: daysAgo(0),
	expiresAt: null,
	deviceClass: 'web',
	...fields
});

describe('isOverAge', () => {
	it.each([
		['used just now', session(), limits, false],
		['unused for a moment less than allowed', session({ updatedAt: daysAgo(7, -1) }), limits, false],
		['unused for as long as allowed', session({ updatedAt: daysAgo(7) }), limits, true],
		['of another class', session({ updatedAt: daysAgo(7), deviceClass: 'mobile' }), limits, false],
		['at the end of its life, though in use', session({ createdAt: daysAgo(30) }), limits, true],
		['a moment before that', session({ createdAt: daysAgo(30, -1) }), limits, false],
		['as old as can be, without a lifetime', session({ createdAt: new Date(0), deviceClass: 'mobile' }), limits, false],
		['past its own end', session({ expiresAt: now }), limits, true],
		['before its own end', session({ expiresAt: daysAgo(-1) }), limits, false],
		['unused for 89 days, by default', session({ updatedAt: daysAgo(89) }), defaults, false],
		['unused for 90 days, by default', session({ updatedAt: daysAgo(90) }), defaults, true]
	])('%s', (_, row, set, expected) => {
		expect(isOverAge(row, set, now)).toBe(expected);
	});

	it('agrees with the cutoff times used for lists', () => {
		const moment = fc.integer({ min: -5, max: 100 }).map((days) => daysAgo(days));
		const anySession = fc.record({
			createdAt: moment,
			updatedAt: moment,
			expiresAt: fc.option(moment),
			deviceClass: fc.constantFrom(...deviceClasses)
		});
		fc.assert(
			fc.property(anySession, (row) => {
				const { usedAfter, begunAfter } = oldestAllowed(limits, now);
				const isListed =
					row.updatedAt > usedAfter[row.deviceClass] &&
					row.createdAt > begunAfter[row.deviceClass] &&
					(row.expiresAt === null || row.expiresAt > now);
				expect(isListed).toBe(!isOverAge(row, limits, now));
			})
		);
	});
});

describe('getSessionEnd', () => {
	it.each([
		['none without a lifetime', session({ deviceClass: 'mobile' }), null],
		['the end of its life', session(), daysAgo(-10)],
		['its own end, where that is earlier', session({ expiresAt: daysAgo(-1) }), daysAgo(-1)],
		['the end of its life, where that is earlier', session({ expiresAt: daysAgo(-11) }), daysAgo(-10)],
		['its own end alone', session({ deviceClass: 'mobile', expiresAt: daysAgo(-1) }), daysAgo(-1)]
	])('%s', (_, row, expected) => {
		expect(getSessionEnd(row, limits)).toEqual(expected);
	});
});
