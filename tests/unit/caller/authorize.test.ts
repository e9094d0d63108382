import { describe, expect, it } from 'vitest';
import { permissions } from '#lib/contract/permissions/permission.ts';
import type { Identity } from '#lib/server/platform/caller/caller.ts';
import { authorize } from '#lib/server/platform/caller/authorize.ts';

const user = {
	id: '1',
	email: 'a@example.test',
	name: 'A',
	isAdmin: false,
	avatarColor: null,
	profileImagePath: '',
	profileChangedAt: new Date(0)
};
const inMs = (milliseconds: number) => new Date(Date.now() + milliseconds);
const session = (pinExpiresAt: Date | null): Identity => ({
	user,
	credential: {
		kind: 'session',
		sessionId: '1',
		isAmbient: false,
		expiresAt: null,
		pinExpiresAt,
		signedInAt: null,
		mustChangePassword: false
	}
});
const key = (held: (typeof permissions)[number][]): Identity => ({
	user,
	credential: {
		kind: 'apiKey',
		keyId: '1',
		isAmbient: false,
		keyHash: new Uint8Array(),
		permissions: held,
		expiresAt: null
	}
});
const admin = (auth: Identity): Identity => ({ ...auth, user: { ...user, isAdmin: true } });

describe('an operation that requires an elevated session', () => {
	const access = { permission: 'asset.read', elevated: true } as const;

	it('accepts an elevated session', () => {
		expect(() => authorize(session(inMs(1_000)), access)).not.toThrow();
	});

	it.each([
		['no caller', null, 'Authentication required'],
		['a session that is locked', session(null), 'Elevated permission is required'],
		['a session whose time is over', session(inMs(-1)), 'Elevated permission is required'],
		['a key, whatever it holds', key(['all']), 'Elevated permission is required'],
		['a key that lacks the permission too', key(['album.read']), 'Missing required permission: asset.read']
	])('refuses %s', (_, auth, message) => {
		expect(() => authorize(auth, access)).toThrow(message);
	});
});

describe('a permission', () => {
	it('is covered by itself and by `all`, and by no other', () => {
		for (const wanted of permissions)
			for (const held of permissions) {
				const act = () => authorize(key([held]), { permission: wanted });
				if (held === wanted || held === 'all') expect(act).not.toThrow();
				else expect(act).toThrow(`Missing required permission: ${wanted}`);
			}
	});

	it('is not required of sessions, but admin operations require an admin', () => {
		expect(() => authorize(session(null), { permission: 'adminUser.read' })).not.toThrow();
		expect(() => authorize(session(null), { admin: true })).toThrow('Forbidden');
		expect(() => authorize(admin(session(null)), { admin: true })).not.toThrow();
		expect(() => authorize(key(['all']), { admin: true })).toThrow('Forbidden');
		expect(() => authorize(admin(key(['user.read'])), { admin: true })).toThrow('Missing required permission: all');
	});
});
