import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSession, formatSession, isExpired, isJwtExpired } from '../../../src/cli/session/index.ts';

const now = new Date('2026-06-01T12:00:00.500Z');
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown) => `${encode({ alg: 'HS256' })}.${encode(claims)}.c2ln`;
const inSeconds = (seconds: number) => Math.floor(now.getTime() / 1_000) + seconds;

beforeEach(() => {
	vi.useFakeTimers({ now });
});
afterEach(() => {
	vi.useRealTimers();
});

describe('createSession', () => {
	it('sets the current time in RFC 3339', () => {
		const auth = { type: 'api_key', key: 'secret' } as const;
		expect(createSession('https://immich.example.com', auth)).toEqual({
			serverUrl: 'https://immich.example.com',
			auth,
			createdAt: '2026-06-01T12:00:00Z'
		});
	});
});

describe('isJwtExpired', () => {
	it.each([
		[inSeconds(61), undefined, false],
		[inSeconds(60), undefined, true],
		[inSeconds(-1), undefined, true],
		[inSeconds(1), 0, false],
		[inSeconds(0), 0, true],
		[inSeconds(299), 300, true],
		[inSeconds(301), 300, false]
	])('exp %i with a leeway of %s: %s', (exp, leeway, isPast) => {
		expect(isJwtExpired(jwt({ exp }), leeway)).toBe(isPast);
	});

	it('is false for a token without exp', () => {
		expect(isJwtExpired(jwt({ sub: 'ada' }))).toBe(false);
	});

	it.each([
		'',
		'opaque',
		'a.b',
		'a.b.c',
		'a.b.c.d',
		`x.${encode([1])}.y`,
		`x.${encode(null)}.y`,
		`x.${encode('text')}.y`,
		jwt({ exp: 'soon' }),
		jwt({ exp: null }),
		`${jwt({ exp: inSeconds(1_000) })}!`
	])('is true for "%s", which is no JWT with a time', (token) => {
		expect(isJwtExpired(token)).toBe(true);
	});
});

describe('isExpired', () => {
	it('is that of the token, and never true for an API key', () => {
		const withToken = (accessToken: string) =>
			createSession('https://immich.example.com', { type: 'jwt', accessToken, userId: 'id', email: 'a@b.c' });
		expect(isExpired(withToken(jwt({ exp: inSeconds(30) })))).toBe(true);
		expect(isExpired(withToken(jwt({ exp: inSeconds(30) })), 10)).toBe(false);
		expect(isExpired(createSession('https://immich.example.com', { type: 'api_key', key: 'x' }))).toBe(false);
	});
});

describe('formatSession', () => {
	it('shows what there is, without the secret', () => {
		const token = jwt({ sub: 'x' });
		const signedIn = createSession('https://immich.example.com', {
			type: 'jwt',
			accessToken: token,
			userId: 'b5f7',
			email: 'ada@example.com'
		});
		expect(formatSession(signedIn)).toBe(
			[
				'Email:   ada@example.com',
				'User ID: b5f7',
				'Server:  https://immich.example.com',
				'Created: 2026-06-01T12:00:00Z',
				'Kind:    session'
			].join('\n')
		);
		const withKey = createSession('https://immich.example.com', { type: 'api_key', key: 'secret', name: 'cli' });
		expect(formatSession(withKey)).toContain('Kind:    API key (cli)');
		expect(formatSession(withKey)).not.toContain('secret');
	});

	it('lets no name change what the terminal shows', () => {
		const named = createSession('https://immich.example.com', {
			type: 'api_key',
			key: 'k',
			name: '\u001b[2Jx\nServer: y'
		});
		expect(formatSession(named).split('\n')).toHaveLength(3);
		expect(formatSession(named)).not.toContain('\u001b');
	});
});
